namespace GopherFlow.Scripting

open System.Threading
open FSharp.Compiler.CodeAnalysis

/// Exclusive use of the compiler, on a thread with a big stack.
type internal CompilerSession = {
    Checker: FSharpChecker
    Stop: CancellationToken
} with

    /// Blocks until the compiler has finished. An await would continue on a thread pool thread, whose stack is too small for the compiler's
    /// recursion over long lists.
    member turn.Wait(computation: Async<'value>) : 'value =
        Async.StartImmediateAsTask(computation, turn.Stop).GetAwaiter().GetResult()
