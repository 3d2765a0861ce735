namespace GopherFlow.Server

open System
open System.Net
open GopherFlow.Settings

/// The settings for sign-in through an OpenID Connect provider.
type OpenIdSettings = {
    /// The base URL of the provider, below which its discovery document is found.
    Authority: Uri
    ClientId: string
    ClientSecret: string option
    Scopes: string list
    /// The claim that contains the roles.
    RoleClaim: string
    /// The values of the claim for each role.
    Roles: (Role * string list) list
}

module internal OpenIdSettings =

    let private isLoopback (uri: Uri) =
        uri.IsLoopback
        || (match IPAddress.TryParse(uri.Host) with
            | true, NonNull address -> IPAddress.IsLoopback address
            | _ -> false)

    let private authority (settings: SettingsReader) =
        match settings.OptionalText "GFLOW_OIDC_AUTHORITY" with
        | null -> None
        | text ->
            match Uri.TryCreate(text, UriKind.Absolute) with
            | true, NonNull uri when
                uri.Scheme = Uri.UriSchemeHttps
                || (uri.Scheme = Uri.UriSchemeHttp && isLoopback uri)
                ->
                Some uri
            | _ -> settings.Fault("GFLOW_OIDC_AUTHORITY", text, "an https URL of a provider", None)

    /// Reads the settings; None if no provider is configured. Errors are collected in the reader.
    let read (settings: SettingsReader) =
        let clientId = settings.Text("GFLOW_OIDC_CLIENT_ID", "")
        let clientSecret = Option.ofObj (settings.OptionalText "GFLOW_OIDC_CLIENT_SECRET")

        let scopes =
            List.ofSeq (settings.List("GFLOW_OIDC_SCOPES", [ "openid"; "profile" ]))

        let roleClaim = settings.Text("GFLOW_OIDC_ROLE_CLAIM", "roles")

        let roles =
            [
                Role.Admin, "GFLOW_OIDC_ADMIN_VALUES"
                Role.Operator, "GFLOW_OIDC_OPERATOR_VALUES"
                Role.Viewer, "GFLOW_OIDC_VIEWER_VALUES"
            ]
            |> List.map (fun (role, name) -> role, List.ofSeq (settings.List(name, [])))

        authority settings
        |> Option.map (fun authority ->
            if clientId = "" then
                settings.Fault("GFLOW_OIDC_CLIENT_ID", null, "the id of this application at the provider", ())

            if roles |> List.forall (snd >> List.isEmpty) then
                settings.Fault(
                    "GFLOW_OIDC_ADMIN_VALUES",
                    null,
                    $"a value of the claim {roleClaim}, here or in GFLOW_OIDC_OPERATOR_VALUES or GFLOW_OIDC_VIEWER_VALUES, or nobody can sign in",
                    ()
                )

            {
                Authority = authority
                ClientId = clientId
                ClientSecret = clientSecret
                Scopes =
                    if List.contains "openid" scopes then
                        scopes
                    else
                        "openid" :: scopes
                RoleClaim = roleClaim
                Roles = roles
            })
