namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// Polls the scripts in the database and in the folder, if there is one. It starts after the executor, which opens the store.
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

    /// An unreachable database does not stop the host: loaded scripts keep running, and the next poll retries.
    let refresh (cancellation: CancellationToken) =
        task {
            try
                do! catalogue.RefreshAsync cancellation
            with failure when not cancellation.IsCancellationRequested ->
                log.LogWarning(failure, "The scripts in the database cannot be read; trying again")
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

    /// Completes when the scripts of the database and of the folder have been loaded once.
    member _.Ready: Task = ready.Task

    override _.ExecuteAsync(stop) =
        task {
            try
                do! refresh stop
                do! Task.WhenAll [| follow stop :> Task; watch stop |]
            with :? OperationCanceledException when stop.IsCancellationRequested ->
                ()
        }
