namespace GopherFlow.Server

open System
open System.Security.Cryptography
open Microsoft.AspNetCore.Http

/// The content security policy (CSP level 3): nothing from other hosts, and no inline scripts or styles.
module internal ContentSecurity =

    let private policy (styles: string) =
        String.concat "; " [
            "default-src 'self'"
            $"style-src 'self'{styles}"
            "img-src 'self' data:"
            "frame-ancestors 'none'"
            "base-uri 'none'"
            "form-action 'self'"
            "object-src 'none'"
        ]

    let private strict = policy ""
    let private withInlineStyles = policy " 'unsafe-inline'"

    /// Sets the default policy.
    let apply (http: HttpContext) =
        http.Response.Headers.ContentSecurityPolicy <- strict

    /// Allows inline styles, for a page whose library sets them.
    let allowInlineStyles (http: HttpContext) =
        http.Response.Headers.ContentSecurityPolicy <- withInlineStyles

    /// Allows style elements with the returned nonce, which is valid only for this response.
    let nonce (http: HttpContext) : string =
        let nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes 16)
        http.Response.Headers.ContentSecurityPolicy <- policy $" 'nonce-{nonce}'"
        nonce
