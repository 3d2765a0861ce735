namespace GopherFlow.Server

open System.Threading.Tasks
open GopherFlow.Settings
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// Logs a warning at startup for each unknown setting, to detect misspelled names.
type internal UnknownSettings(configuration: IConfiguration, settings: SettingsReader, log: ILogger<UnknownSettings>) =

    member _.Warn() =
        let names = configuration.AsEnumerable() |> Seq.map _.Key

        for warning in KnownSettings.WarningsFor(names, settings.Asked) do
            log.LogWarning("{Warning}", warning)

    interface IHostedService with
        member unknown.StartAsync _ =
            unknown.Warn()
            Task.CompletedTask

        member _.StopAsync _ = Task.CompletedTask
