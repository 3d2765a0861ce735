namespace GopherFlow.Deployment.Tests

open System.Collections.Concurrent
open System.Threading.Tasks
open GopherFlow.Storage

/// A real store of scripts whose next calls fail as a test says, as when the database is away.
type internal BreakableScripts(inner: IScriptStore) =
    let failures = ConcurrentQueue<exn>()
    let looks = ConcurrentQueue<exn>()
    let gone = ConcurrentQueue<string>()

    /// Has the next look for a version fail so; said twice, the two next ones.
    member _.FailNext(failure: exn) = failures.Enqueue failure

    /// Has the next look for changes fail so.
    member _.FailNextLook(failure: exn) = looks.Enqueue failure

    /// Has a version be gone when it is to become the current one.
    member _.Lose(version: string) = gone.Enqueue version

    interface IScriptStore with
        member _.RevisionAsync cancellation =
            match looks.TryDequeue() with
            | true, failure -> raise failure
            | _ -> inner.RevisionAsync cancellation

        member _.FindScriptVersionAsync(name, version, cancellation) =
            match failures.TryDequeue() with
            | true, failure -> raise failure
            | _ -> inner.FindScriptVersionAsync(name, version, cancellation)

        member _.ScriptsAsync cancellation = inner.ScriptsAsync cancellation

        member _.FindScriptAsync(name, cancellation) =
            inner.FindScriptAsync(name, cancellation)

        member _.ScriptVersionsAsync(name, cancellation) =
            inner.ScriptVersionsAsync(name, cancellation)

        member _.DeployScriptAsync(version, definition, cancellation) =
            inner.DeployScriptAsync(version, definition, cancellation)

        member _.ActivateScriptAsync(name, version, now, cancellation) =
            if Seq.contains version gone then
                Task.FromResult false
            else
                inner.ActivateScriptAsync(name, version, now, cancellation)

        member _.EnableScriptAsync(name, enabled, now, cancellation) =
            inner.EnableScriptAsync(name, enabled, now, cancellation)

        member _.SaveScriptDiagnosticsAsync(name, diagnostics, cancellation) =
            inner.SaveScriptDiagnosticsAsync(name, diagnostics, cancellation)
