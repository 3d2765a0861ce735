namespace GopherFlow.Server

open System
open System.Net
open System.Reflection
open GopherFlow.Settings
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Configuration

/// The version of the server: `text`.
module internal ServerVersion =

    /// For example "0.1.0", without the commit hash.
    let text =
        match Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>() with
        | null -> "unknown"
        | version -> version.InformationalVersion.Split('+')[0]

/// The addresses that the server listens on.
type ListenAddresses = {
    /// The addresses; None if the host is already configured with addresses.
    Urls: string option
    /// Whether all addresses are reachable only from this machine.
    LoopbackOnly: bool
}

/// The settings of the server, in addition to those of the engine.
type ServerSettings = {
    /// Whether the API and the console are served. If not, the process serves only health checks and metrics.
    IsEnabled: bool
    Listen: ListenAddresses
    /// How long a session lasts after the sign-in; using it does not extend it.
    SessionLife: TimeSpan
    MaxBodyBytes: int
    /// The maximum wait of createAndWait and stateAndWait.
    MaxWait: TimeSpan
    /// Whether /metrics is served.
    Metrics: bool
    /// The password of the first user. None: the default password where it is allowed, otherwise a generated one.
    AdminPassword: string option
    AdminApiKey: string option
    /// Whether admin/admin is accepted: only in the Development environment while the server is reachable only from this machine.
    DefaultPasswordAllowed: bool
    /// The OpenID Connect provider, in addition to passwords; None: only passwords.
    OpenId: OpenIdSettings option
    AllowedHosts: AllowedHosts
    /// The proxies whose X-Forwarded headers are trusted.
    TrustedProxies: IPNetwork list
    /// The maximum number of event streams of all callers together.
    MaxStreams: int
}

/// Reads ServerSettings with `read`. Errors are collected in the reader.
module internal Settings =

    [<Literal>]
    let DefaultPort = 8080

    [<Literal>]
    let ShortestPassword = 8

    [<Literal>]
    let ShortestApiKey = 16

    let private isLoopbackUrl (url: string) =
        try
            AllowedHosts.isLoopback (BindingAddress.Parse url).Host
        with :? FormatException ->
            false

    let private splitUrls (urls: string) =
        urls.Split(';', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)

    /// "host:port" or ":port", as a URL.
    let private urlOf (address: string) =
        match address.LastIndexOf ':' with
        | -1 -> None
        | colon ->
            let host = address.Substring(0, colon)

            let hostIsSound =
                host = "" || Uri.CheckHostName(host.Trim('[', ']')) <> UriHostNameType.Unknown

            match UInt16.TryParse(address.AsSpan(colon + 1)) with
            | true, port when hostIsSound -> Some $"""http://{if host = "" then "*" else host}:{port}"""
            | _ -> None

    let private listenOn (urls: string) = {
        Urls = Some urls
        LoopbackOnly = splitUrls urls |> Array.forall isLoopbackUrl
    }

    let private given (configuration: IConfiguration) =
        let endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren()

        match configuration["urls"] with
        | _ when not (Seq.isEmpty endpoints) -> Some { Urls = None; LoopbackOnly = false }
        | null
        | "" -> None
        | urls -> Some { listenOn urls with Urls = None }

    let private listen isDevelopment (configuration: IConfiguration) (settings: SettingsReader) =
        let port =
            settings.WholeNumber("GFLOW_ENGINE_SERVER_WEB_PORT", DefaultPort, 1, 65535)

        let host = if isDevelopment then "localhost" else "*"
        let fallback = $"http://{host}:{port}"

        let chosen =
            match settings.OptionalText "HTTP_ADDR" with
            | null -> fallback
            | address ->
                urlOf address
                |> Option.defaultWith (fun () ->
                    settings.Fault(
                        "HTTP_ADDR",
                        address,
                        "host:port or :port, such as 127.0.0.1:8080 or :8080",
                        fallback
                    ))

        given configuration |> Option.defaultWith (fun () -> listenOn chosen)

    /// Reads a secret and checks its length and characters. Error messages never contain its value.
    let private secret (settings: SettingsReader) name shortest isAllowed expected =
        match settings.OptionalText name with
        | null -> None
        | value when value.Length >= shortest && Seq.forall isAllowed value -> Some value
        | value -> settings.Fault(name, $"({value.Length} characters, not shown)", expected, None)

    /// While the default password is accepted, only loopback names are allowed, which prevents DNS rebinding.
    let private allowedHosts defaultPasswordAllowed (settings: SettingsReader) =
        match settings.OptionalText "GFLOW_ALLOWED_HOSTS" with
        | _ when defaultPasswordAllowed -> LoopbackOnly
        | null -> AnyHost
        | text ->
            AllowedHosts.tryParse text
            |> Option.defaultWith (fun () ->
                settings.Fault(
                    "GFLOW_ALLOWED_HOSTS",
                    text,
                    "host names with commas between them, such as flows.example.com, *.internal.example.com",
                    AnyHost
                ))

    let private tryNetwork (text: string) =
        match IPNetwork.TryParse text, IPAddress.TryParse text with
        | (true, network), _ -> Some network
        | _, (true, NonNull address) -> Some(IPNetwork(address, address.GetAddressBytes().Length * 8))
        | _ -> None

    let private trustedProxies (settings: SettingsReader) =
        match settings.OptionalText "GFLOW_TRUSTED_PROXIES" with
        | null -> []
        | text ->
            let networks =
                text.Split(',', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
                |> List.ofArray
                |> List.map tryNetwork

            if List.forall Option.isSome networks then
                List.choose id networks
            else
                settings.Fault(
                    "GFLOW_TRUSTED_PROXIES",
                    text,
                    "addresses or networks with commas between them, such as 10.0.0.7, 172.16.0.0/12",
                    []
                )

    let private isPrintable character = character > ' ' && character <= '~'

    /// Reads the settings. Errors are collected in the reader.
    let read (isDevelopment: bool) (configuration: IConfiguration) (settings: SettingsReader) =
        let listen = listen isDevelopment configuration settings
        let defaultPasswordAllowed = isDevelopment && listen.LoopbackOnly

        {
            IsEnabled = settings.Switch("GFLOW_SERVER_ENABLED", true)
            Listen = listen
            SessionLife =
                TimeSpan.FromHours(float (settings.WholeNumber("GFLOW_WEB_SESSION_EXPIRY_HOURS", 1, 1, 24 * 30)))
            MaxBodyBytes = settings.WholeNumber("GFLOW_WEB_MAX_BODY_BYTES", 1024 * 1024, 1024, 1024 * 1024 * 1024)
            MaxWait =
                TimeSpan.FromSeconds(float (settings.WholeNumber("GFLOW_WEB_MAX_WAIT_SECONDS", 300, 1, 24 * 60 * 60)))
            Metrics = settings.Choice("GFLOW_METRICS", true, readOnlyDict [ "true", true; "false", false ])
            AdminPassword =
                secret
                    settings
                    "GFLOW_ADMIN_PASSWORD"
                    ShortestPassword
                    (Char.IsControl >> not)
                    $"at least {ShortestPassword} characters"
            AdminApiKey =
                secret
                    settings
                    "GFLOW_ADMIN_API_KEY"
                    ShortestApiKey
                    isPrintable
                    $"at least {ShortestApiKey} letters, digits and signs of ASCII, without blanks"
            OpenId = OpenIdSettings.read settings
            DefaultPasswordAllowed = defaultPasswordAllowed
            AllowedHosts = allowedHosts defaultPasswordAllowed settings
            TrustedProxies = trustedProxies settings
            MaxStreams = settings.WholeNumber("GFLOW_WEB_MAX_STREAMS", 2000, 1, 100_000)
        }
