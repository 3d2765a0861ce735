namespace GopherFlow.Scripting

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open GopherFlow.Definitions
open GopherFlow.Storage

/// A version that is loaded or being loaded.
type private LoadedVersion(loading: Task<LoadedScript>) =
    member _.Loading = loading
    member val Uses = 0 with get, set
    /// No workflow needs it any more: it is unloaded after its last use.
    member val Unneeded = false with get, set

/// The script versions that this process has in memory. A version is loaded on first use and unloaded when it is no longer needed and
/// its last run has ended.
[<Sealed>]
type internal LoadedVersions(compiler: IScriptCompiler, store: IScriptStore) =
    let gate = Lock()
    let loaded = Dictionary<DefinitionKey, LoadedVersion>()

    let unavailable (key: DefinitionKey) (reasons: Diagnostic list) =
        let text = reasons |> List.map string |> String.concat "; "
        DefinitionUnavailableException $"The script {key} cannot be loaded here: {text}"

    let load (key: DefinitionKey) : Task<LoadedScript> =
        task {
            match! store.FindScriptVersionAsync(key.Name, key.Version, CancellationToken.None) with
            | null -> return raise (DefinitionUnavailableException $"There is no script {key} in the database.")
            | stored ->
                match! compiler.CompileAsync(StoredScript.toSource stored, CancellationToken.None) with
                | Ok script -> return script
                | Error reasons -> return raise (unavailable key reasons)
        }

    /// Wraps a failure in the exception that does not cost the workflow a retry.
    let asUnavailable (key: DefinitionKey) (failure: exn) : exn =
        match failure with
        | :? OperationCanceledException
        | :? DefinitionUnavailableException -> failure
        | other ->
            DefinitionUnavailableException($"The script {key} cannot be loaded here: {other.Message}", other) :> exn

    let unload (key: DefinitionKey) (version: LoadedVersion) =
        loaded.Remove key |> ignore

        if version.Loading.IsCompletedSuccessfully then
            version.Loading.Result.Dispose()

    let acquire (key: DefinitionKey) =
        lock gate (fun () ->
            let version =
                match loaded.TryGetValue key with
                | true, version -> version
                | _ ->
                    let version = LoadedVersion(load key)
                    loaded[key] <- version
                    version

            version.Uses <- version.Uses + 1
            version.Unneeded <- false
            version)

    let release (key: DefinitionKey) (version: LoadedVersion) =
        lock gate (fun () ->
            version.Uses <- version.Uses - 1

            if version.Uses = 0 && (version.Unneeded || version.Loading.IsFaulted) then
                unload key version)

    /// Adds a version that has just been compiled. If that version is loaded already, the new copy is disposed.
    member _.Add(key: DefinitionKey, script: LoadedScript) =
        lock gate (fun () ->
            if loaded.ContainsKey key then
                script.Dispose()
            else
                loaded[key] <- LoadedVersion(Task.FromResult script))

    /// Unloads every version that is not among these as soon as it is not in use.
    member _.Keep(needed: IReadOnlySet<DefinitionKey>) =
        lock gate (fun () ->
            for pair in List.ofSeq loaded do
                if not (needed.Contains pair.Key) then
                    pair.Value.Unneeded <- true

                    if pair.Value.Uses = 0 && pair.Value.Loading.IsCompleted then
                        unload pair.Key pair.Value)

    /// The versions in memory now.
    member _.Keys: DefinitionKey list = lock gate (fun () -> List.ofSeq loaded.Keys)

    /// Loads a version if it is not loaded yet, and keeps it loaded until the returned use is disposed. Exceptions of the store propagate.
    member _.LoadAsync(key: DefinitionKey, cancellation: CancellationToken) : Task<DefinitionUse> =
        let version = acquire key

        task {
            try
                let! script = version.Loading.WaitAsync cancellation
                return new DefinitionUse(script.Definition, (fun () -> release key version))
            with failure ->
                release key version
                // Unlike raise, this keeps the original stack trace.
                return! Task.FromException<DefinitionUse> failure
        }

    interface IDefinitionSource with
        member versions.OpenAsync(key, cancellation) =
            ValueTask<DefinitionUse>(
                task {
                    try
                        return! versions.LoadAsync(key, cancellation)
                    with failure ->
                        return raise (asUnavailable key failure)
                }
            )
