/** A secret that signs webhooks, as Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64. */
export const webhookSecretForm = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;
