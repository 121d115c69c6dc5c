-- Tokens that were made while their user had a second factor: every session since then had shown both, but for those of accounts with passkeys alone.
UPDATE auth.personal_tokens AS token SET is_multi_factor = true
WHERE NOT token.is_multi_factor AND EXISTS (
  SELECT 1 FROM auth.totp_secrets AS authenticator
  WHERE authenticator.user_id = token.user_id AND authenticator.activated_at <= token.created_at);
