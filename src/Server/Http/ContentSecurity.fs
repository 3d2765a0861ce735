namespace GopherFlow.Server

open System
open System.Security.Cryptography
open Microsoft.AspNetCore.Http

/// The content security policy (CSP level 3): nothing of another host, and no code or style but from files.
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

    /// For every answer that does not ask for another.
    let apply (http: HttpContext) =
        http.Response.Headers.ContentSecurityPolicy <- strict

    /// For a page whose library writes styles into its elements.
    let allowInlineStyles (http: HttpContext) =
        http.Response.Headers.ContentSecurityPolicy <- withInlineStyles

    /// Allows the style elements that have the nonce, which is good for this answer only.
    let nonce (http: HttpContext) : string =
        let nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes 16)
        http.Response.Headers.ContentSecurityPolicy <- policy $" 'nonce-{nonce}'"
        nonce
