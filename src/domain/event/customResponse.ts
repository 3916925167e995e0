/** The event that a custom channel's answer about an endpoint becomes; its EventAttributes are the event's. */
export const CUSTOM_RESPONSE = '_custom.response';
