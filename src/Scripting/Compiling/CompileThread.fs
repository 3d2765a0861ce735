namespace GopherFlow.Scripting

open System
open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks

/// One thread on which everything that needs the compiler happens, one thing after the other, in the order in which it was asked for.
/// Its stack is big, because the compiler recurses over what it compiles.
type internal CompileThread() =
    let work = new BlockingCollection<unit -> unit>()

    let thread =
        Thread(
            (fun () -> work.GetConsumingEnumerable() |> Seq.iter (fun next -> next ())),
            268435456,
            Name = "script compiler",
            IsBackground = true
        )

    do thread.Start()

    /// Runs an async from its beginning to its end on the thread.
    member _.Run(cancellation: CancellationToken, computation: Async<'value>) : Task<'value> =
        let result =
            TaskCompletionSource<'value> TaskCreationOptions.RunContinuationsAsynchronously

        work.Add(fun () ->
            if cancellation.IsCancellationRequested then
                result.TrySetCanceled cancellation |> ignore
            else
                let running = Async.StartImmediateAsTask(computation, cancellation)

                try
                    result.TrySetResult(running.GetAwaiter().GetResult()) |> ignore
                with
                | :? OperationCanceledException -> result.TrySetCanceled cancellation |> ignore
                | failure -> result.TrySetException failure |> ignore)

        result.Task

    interface IDisposable with
        member _.Dispose() = work.CompleteAdding()
