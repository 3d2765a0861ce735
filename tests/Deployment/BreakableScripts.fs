namespace GopherFlow.Deployment.Tests

open System.Collections.Concurrent
open GopherFlow.Storage

/// A real store of scripts whose next looks for a version fail as a test says, as when the database is away.
type internal BreakableScripts(inner: IScriptStore) =
    let failures = ConcurrentQueue<exn>()

    /// Has the next look for a version fail so; said twice, the two next ones.
    member _.FailNext(failure: exn) = failures.Enqueue failure

    interface IScriptStore with
        member _.FindScriptVersionAsync(name, version, cancellation) =
            match failures.TryDequeue() with
            | true, failure -> raise failure
            | _ -> inner.FindScriptVersionAsync(name, version, cancellation)

        member _.RevisionAsync cancellation = inner.RevisionAsync cancellation
        member _.ScriptsAsync cancellation = inner.ScriptsAsync cancellation

        member _.FindScriptAsync(name, cancellation) =
            inner.FindScriptAsync(name, cancellation)

        member _.ScriptVersionsAsync(name, cancellation) =
            inner.ScriptVersionsAsync(name, cancellation)

        member _.DeployScriptAsync(version, definition, cancellation) =
            inner.DeployScriptAsync(version, definition, cancellation)

        member _.ActivateScriptAsync(name, version, now, cancellation) =
            inner.ActivateScriptAsync(name, version, now, cancellation)

        member _.EnableScriptAsync(name, enabled, now, cancellation) =
            inner.EnableScriptAsync(name, enabled, now, cancellation)

        member _.SaveScriptDiagnosticsAsync(name, diagnostics, cancellation) =
            inner.SaveScriptDiagnosticsAsync(name, diagnostics, cancellation)
