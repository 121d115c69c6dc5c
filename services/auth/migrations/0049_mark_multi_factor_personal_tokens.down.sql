UPDATE auth.personal_tokens SET is_multi_factor = false WHERE is_multi_factor;
