namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// Runs beside the executor, and is started after it, for that has opened the store: follows the scripts in the database, and the
/// folder if there is one.
[<Sealed>]
type internal ScriptHost
    (
        settings: ScriptSettings,
        scripts: IScriptStore,
        catalogue: ScriptCatalogue,
        deployment: ScriptDeployment,
        clock: TimeProvider,
        log: ILogger
    ) =
    inherit BackgroundService()

    let interval = TimeSpan.FromSeconds 1.
    let ready = TaskCompletionSource TaskCreationOptions.RunContinuationsAsynchronously

    /// A database that is away is no reason to end: the scripts that run continue, and the next look may succeed.
    let refresh (cancellation: CancellationToken) =
        task {
            try
                do! catalogue.RefreshAsync cancellation
            with trouble when not cancellation.IsCancellationRequested ->
                log.LogWarning(trouble, "The scripts in the database cannot be read; trying again")
        }

    let follow (cancellation: CancellationToken) =
        task {
            while not cancellation.IsCancellationRequested do
                do! Task.Delay(interval, clock, cancellation)
                do! refresh cancellation
        }

    let watch (cancellation: CancellationToken) =
        task {
            match settings.Folder with
            | None -> ready.TrySetResult() |> ignore
            | Some folder ->
                let folder = FolderDeployment(folder, deployment, scripts, clock, log)
                let! seen = folder.StartAsync cancellation
                ready.TrySetResult() |> ignore
                do! folder.WatchAsync(seen, cancellation)
        }

    /// Done when the scripts of the database and of the folder have been loaded once.
    member _.Ready: Task = ready.Task

    override _.ExecuteAsync(stop) =
        task {
            try
                do! refresh stop
                do! Task.WhenAll [| follow stop :> Task; watch stop |]
            with :? OperationCanceledException when stop.IsCancellationRequested ->
                ()
        }
