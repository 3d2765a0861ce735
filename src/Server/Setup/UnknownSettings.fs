namespace GopherFlow.Server

open System.Threading.Tasks
open GopherFlow.Settings
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// Says at the start which names of settings mean nothing, so that a slip of the pen is seen.
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
