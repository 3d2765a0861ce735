namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open FSharp.Compiler.CodeAnalysis

/// Runs one computation at a time with the compiler, on a thread whose stack is big enough for the compiler's
/// recursion. The compiler stays warm. It is replaced after a computation that had to be ended.
type internal CompileQueue(limit: TimeSpan) =
    let turn = new SemaphoreSlim(1)

    /// Null until it is needed: a server whose scripts are all cached never loads the compiler.
    let mutable checker: FSharpChecker | null = null

    let stackBytes = 268435456

    let currentChecker () =
        match checker with
        | null ->
            let made = FSharpChecker.Create()
            checker <- made
            made
        | made -> made

    /// Waits for the compiler, which can be cancelled, and then runs the computation to its end or its time limit, which cannot.
    member _.Run(compile: CompilerSession -> 'value, cancellation: CancellationToken) : Task<Ended<'value>> =
        task {
            do! turn.WaitAsync cancellation

            try
                let! ended, _ =
                    TimedRun.start "script compiler" stackBytes limit (fun stop ->
                        compile {
                            Checker = currentChecker ()
                            Stop = stop
                        })

                match ended with
                | Stopped
                | Unstoppable -> checker <- null
                | _ -> ()

                return ended
            finally
                turn.Release() |> ignore
        }

    interface IDisposable with
        member _.Dispose() = turn.Dispose()
