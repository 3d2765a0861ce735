namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks
open FSharp.Compiler.CodeAnalysis

/// Lets one computation at a time have the compiler, on a thread of its own with a stack that is big enough for the compiler's
/// recursion. The compiler stays warm; one whose computation had to be ended is thrown away.
type internal CompileQueue(limit: TimeSpan) =
    let turn = new SemaphoreSlim(1)
    let mutable checker = lazy FSharpChecker.Create()

    let stackBytes = 268435456

    let replaceChecker () = checker <- lazy FSharpChecker.Create()

    /// Waits for its turn, which can be cancelled, and runs the computation to its end or its limit, which cannot.
    member _.Run(compile: CompilerTurn -> 'value, cancellation: CancellationToken) : Task<Ended<'value>> =
        task {
            do! turn.WaitAsync cancellation

            try
                let! ended, _ =
                    TimedRun.start "script compiler" stackBytes limit (fun stop ->
                        compile { Checker = checker.Value; Stop = stop })

                match ended with
                | Stopped
                | Unstoppable -> replaceChecker ()
                | _ -> ()

                return ended
            finally
                turn.Release() |> ignore
        }

    interface IDisposable with
        member _.Dispose() = turn.Dispose()
