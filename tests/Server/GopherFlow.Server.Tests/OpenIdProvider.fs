namespace GopherFlow.Server.Tests

open System
open System.Buffers.Text
open System.Collections.Concurrent
open System.Collections.Generic
open System.Security.Cryptography
open System.Text
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging
open Microsoft.IdentityModel.JsonWebTokens
open Microsoft.IdentityModel.Tokens

/// The person who signs in at the provider.
type Person = {
    Subject: string
    Name: string
    Username: string
    /// The roles in the id token.
    Roles: string list
    /// The roles returned only by the userinfo endpoint.
    UserInfoRoles: string list
}

/// The request that an authorization code was issued for.
type private Grant = {
    Person: Person
    Nonce: string
    Challenge: string
    RedirectUri: string
}

/// A small OpenID Connect provider with discovery, keys, the code flow with PKCE, and userinfo. Every sign-in is by <c>Person</c>.
type OpenIdProvider private (app: WebApplication, key: RSA) =

    static let clientId = "gopherflow"
    static let clientSecret = "the secret of the client"

    let grants = ConcurrentDictionary<string, Grant>()
    let tokens = ConcurrentDictionary<string, Person>()

    let mutable person = {
        Subject = "1"
        Name = "Ann Lee"
        Username = "ann"
        Roles = []
        UserInfoRoles = []
    }

    let issuer () = (Seq.head app.Urls).TrimEnd '/'

    let random () =
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes 24)

    let securityKey = RsaSecurityKey(key, KeyId = "test")

    let discovery () : obj = {|
        issuer = issuer ()
        authorization_endpoint = $"{issuer ()}/authorize"
        token_endpoint = $"{issuer ()}/token"
        userinfo_endpoint = $"{issuer ()}/userinfo"
        jwks_uri = $"{issuer ()}/keys"
        response_types_supported = [ "code" ]
        subject_types_supported = [ "public" ]
        id_token_signing_alg_values_supported = [ "RS256" ]
        code_challenge_methods_supported = [ "S256" ]
    |}

    let keys () : obj =
        let parameters = key.ExportParameters false

        {|
            keys = [
                {|
                    kty = "RSA"
                    ``use`` = "sig"
                    alg = "RS256"
                    kid = "test"
                    n = Base64Url.EncodeToString(ReadOnlySpan parameters.Modulus)
                    e = Base64Url.EncodeToString(ReadOnlySpan parameters.Exponent)
                |}
            ]
        |}

    let isValid (query: IQueryCollection) =
        query["client_id"].ToString() = clientId
        && query["response_type"].ToString() = "code"
        && query["code_challenge_method"].ToString() = "S256"
        && query["scope"].ToString().Split(' ') |> Array.contains "openid"

    let authorize (http: HttpContext) : Task =
        let query = http.Request.Query

        if isValid query then
            let code = random ()

            grants[code] <- {
                Person = person
                Nonce = query["nonce"].ToString()
                Challenge = query["code_challenge"].ToString()
                RedirectUri = query["redirect_uri"].ToString()
            }

            let state = Uri.EscapeDataString(query["state"].ToString())
            http.Response.Redirect($"""{query["redirect_uri"]}?code={code}&state={state}""")
        else
            http.Response.StatusCode <- 400

        Task.CompletedTask

    let idToken (grant: Grant) =
        let claims = Dictionary<string, obj>()
        claims["sub"] <- grant.Person.Subject
        claims["nonce"] <- grant.Nonce
        claims["name"] <- grant.Person.Name
        claims["preferred_username"] <- grant.Person.Username

        if not grant.Person.Roles.IsEmpty then
            claims["roles"] <- Array.ofList grant.Person.Roles

        JsonWebTokenHandler()
            .CreateToken(
                SecurityTokenDescriptor(
                    Issuer = issuer (),
                    Audience = clientId,
                    Expires = DateTime.UtcNow.AddMinutes 5.,
                    Claims = claims,
                    SigningCredentials = SigningCredentials(securityKey, SecurityAlgorithms.RsaSha256)
                )
            )

    let isProof (grant: Grant) (verifier: string) =
        Base64Url.EncodeToString(ReadOnlySpan(SHA256.HashData(Encoding.ASCII.GetBytes verifier))) = grant.Challenge

    let token (http: HttpContext) : Task =
        task {
            let! form = http.Request.ReadFormAsync()
            let field (name: string) = form[name].ToString()

            match grants.TryRemove(field "code") with
            | true, grant when
                field "client_id" = clientId
                && field "client_secret" = clientSecret
                && field "redirect_uri" = grant.RedirectUri
                && isProof grant (field "code_verifier")
                ->
                let access = random ()
                tokens[access] <- grant.Person

                let response: obj = {|
                    access_token = access
                    token_type = "Bearer"
                    expires_in = 300
                    id_token = idToken grant
                |}

                do! http.Response.WriteAsJsonAsync response
            | _ ->
                http.Response.StatusCode <- 400
                do! http.Response.WriteAsJsonAsync<obj> {| error = "invalid_grant" |}
        }

    let userInfo (http: HttpContext) : Task =
        task {
            match tokens.TryGetValue(http.Request.Headers.Authorization.ToString().Replace("Bearer ", "")) with
            | true, person ->
                do!
                    http.Response.WriteAsJsonAsync<obj> {|
                        sub = person.Subject
                        roles = person.UserInfoRoles
                    |}
            | _ -> http.Response.StatusCode <- 401
        }

    member _.Authority = issuer ()
    static member ClientId = clientId
    static member ClientSecret = clientSecret

    /// The person who signs in next.
    member _.Person
        with get () = person
        and set value = person <- value

    member private _.Map() =
        let json (value: unit -> obj) =
            RequestDelegate(fun http -> http.Response.WriteAsJsonAsync<obj>(value ()))

        app.MapGet("/.well-known/openid-configuration", json discovery) |> ignore
        app.MapGet("/keys", json keys) |> ignore
        app.MapGet("/authorize", RequestDelegate authorize) |> ignore
        app.MapPost("/token", RequestDelegate token) |> ignore
        app.MapGet("/userinfo", RequestDelegate userInfo) |> ignore

    static member StartAsync() =
        task {
            let builder = WebApplication.CreateSlimBuilder()
            builder.Logging.ClearProviders() |> ignore
            builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
            let provider = new OpenIdProvider(builder.Build(), RSA.Create 2048)
            provider.Map()
            do! provider.StartAppAsync()
            return provider
        }

    member private _.StartAppAsync() : Task = app.StartAsync()

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            task {
                do! app.StopAsync()
                do! app.DisposeAsync()
                key.Dispose()
            }
            |> ValueTask
