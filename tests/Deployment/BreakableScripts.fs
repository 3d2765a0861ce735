namespace GopherFlow.Deployment.Tests

open System.Collections.Concurrent
open System.Threading.Tasks
open GopherFlow.Storage

/// A wrapper of a real script store whose next calls can be made to fail, as when the database is unavailable.
type internal BreakableScripts(inner: IScriptStore) =
    let failures = ConcurrentQueue<exn>()
    let polls = ConcurrentQueue<exn>()
    let gone = ConcurrentQueue<string>()

    /// Makes the next lookup of a version fail. Each call adds one failure.
    member _.FailNext(failure: exn) = failures.Enqueue failure

    /// Makes the next poll of the revision fail.
    member _.FailNextPoll(failure: exn) = polls.Enqueue failure

    /// Makes the activation of a version fail as if the version had been deleted.
    member _.Lose(version: string) = gone.Enqueue version

    interface IScriptStore with
        member _.RevisionAsync cancellation =
            match polls.TryDequeue() with
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
