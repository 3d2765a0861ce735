namespace GopherFlow.Server

open System
open GopherFlow.Contract
open GopherFlow.Settings
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.Configuration.EnvironmentVariables
open Microsoft.Extensions.Configuration.Json

/// <summary>All settings that this process has read, without secrets.</summary>
/// <param name="configuration">The configuration that contains them.</param>
/// <param name="settings">The reader that has read them.</param>
type SettingsTable(configuration: IConfiguration, settings: SettingsReader) =

    /// For secrets, only whether they are set is shown. A setting of the application itself may be a secret too.
    let isSecret (name: string) =
        name = "GFLOW_ADMIN_PASSWORD"
        || name = "GFLOW_ADMIN_API_KEY"
        || name = "GFLOW_OIDC_CLIENT_SECRET"
        || name = "GFLOW_WEBHOOK_SECRETS"
        // The URL of a receiver may contain a secret.
        || name = "GFLOW_WEBHOOK_URLS"
        || (SettingDescriptions.tryFind name).IsNone

    let shown (name: string) (value: string) =
        match name with
        | _ when isSecret name -> None
        | "GFLOW_DATABASE_URL" -> Some(MaskedDatabaseUrl.mask value)
        | _ -> Some value

    let describe (provider: IConfigurationProvider) =
        match provider with
        | :? EnvironmentVariablesConfigurationProvider -> Some "environment"
        | :? JsonConfigurationProvider as json -> Option.ofObj json.Source.Path
        | other -> Some(other.GetType().Name.Replace("ConfigurationProvider", ""))

    /// The last provider that has the setting wins.
    let sourceOf (name: string) =
        match configuration with
        | :? IConfigurationRoot as root ->
            root.Providers
            |> Seq.rev
            |> Seq.tryFind (fun provider -> provider.TryGet name |> fst)
            |> Option.bind describe
        | _ -> None

    let row (name: string) (fallback: string | null) =
        let value =
            Option.ofObj configuration[name]
            |> Option.map _.Trim()
            |> Option.filter (fun value -> value <> "")

        {
            Name = name
            Value = value |> Option.bind (shown name)
            IsSet = value.IsSome
            Default = if isSecret name then None else Option.ofObj fallback
            Source = value |> Option.bind (fun _ -> sourceOf name)
            Description = SettingDescriptions.tryFind name
        }

    /// One row per setting, ordered by name.
    member _.Rows() : Setting list =
        settings.Defaults
        |> Seq.map (fun pair -> row pair.Key pair.Value)
        |> Seq.sortBy _.Name
        |> List.ofSeq
