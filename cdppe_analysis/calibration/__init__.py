"""Back from published euros to what they reveal: a criterion, the weights, the proxies that would do as well."""
