namespace GopherFlow.Server

open System
open System.Text.RegularExpressions
open System.Threading.Tasks
open GopherFlow.Scripting
open GopherFlow.Contract

/// Changing and compiling scripts: `check`, `tryOut`, `deploy`, `rollback`, `enable`.
module internal ScriptChanges =

    let private refuse problem : Handler =
        fun _ -> Task.FromResult(Refusal problem)

    let private ifSoundName (services: Services) (name: string) (handle: Handler) : Handler =
        if services.Scripts.IsValidName name then
            handle
        else
            refuse (
                Problem.invalidRequest [
                    FaultyField.create "name" (Some(Excerpt.ofText name)) services.Scripts.NameRule
                ]
            )

    /// Refuses the request unless scripts may be deployed over the API.
    let whereDeployingIsOn handle (services: Services) (caller: Caller) request : Handler =
        if services.Scripts.DeployOverApi then
            handle services caller request
        else
            refuse Problem.deployingIsOff

    /// POST /api/scripts/check.
    let check (services: Services) (_: Caller) (request: CheckRequest) : Handler =
        ifSoundName services request.Name (fun http ->
            task {
                let! found =
                    services.Scripts.CheckAsync(request.Name, request.Source, http.RequestAborted)

                let answer: CheckedScript = {
                    Version = found.Version
                    Diagnostics = List.map ScriptResponses.diagnostic found.Diagnostics
                    Definition = found.Definition |> Option.map (Responses.definition (Services.canRun services))
                }

                return Content answer
            })

    /// POST /api/scripts/try.
    let tryOut (services: Services) (_: Caller) (request: TryRequest) : Handler =
        ifSoundName services request.Name (fun http ->
            task {
                let trial: TrialRequest = {
                    Name = request.Name
                    Text = request.Source
                    Variables = defaultArg request.StateVars TrialOptions.defaults.Variables
                    StepLimit = defaultArg request.StepLimit TrialOptions.defaults.StepLimit
                    TimeLimit =
                        request.TimeLimitSeconds
                        |> Option.map (float >> TimeSpan.FromSeconds)
                        |> Option.defaultValue TrialOptions.defaults.TimeLimit
                }

                match! services.Scripts.TryAsync(trial, http.RequestAborted) with
                | Ok report -> return Content(TrialResponses.ran report)
                | Error diagnostics -> return Content(TrialResponses.refused diagnostics)
            })

    /// The version that is now current. It is current even if this process has not loaded it yet.
    let private current (services: Services) name version changed : CurrentVersion = {
        Version = version
        Changed = changed
        InEffect =
            match services.Registry.TryFind name with
            | true, definition -> definition.Version = version
            | _ -> false
    }

    let private shape (version: string) : obj = {| version = version |}

    /// The compiler breaks some of its messages into several lines.
    let private blanks = Regex @"\s+"

    let private refusal (name: string) (faults: GopherFlow.Scripting.Diagnostic list) =
        let first =
            faults
            |> List.tryFind (fun fault -> fault.Severity = Severity.Error)
            |> Option.map (fun fault -> blanks.Replace(string fault, " ").Trim())
            |> Option.defaultValue ""

        Refusal(Problem.scriptRefused name first (List.map ScriptResponses.diagnostic faults))

    /// PUT /api/scripts/{name}.
    let deploy (services: Services) (caller: Caller) (name: string, request: DeployRequest) : Handler =
        ifSoundName services name (fun http ->
            task {
                let! outcome =
                    services.Scripts.DeployAsync(name, request.Source, caller.Username, http.RequestAborted)

                match outcome with
                | Deployed version ->
                    Audit.note http {
                        Audit.nothing with
                            After = Some(shape version)
                    }

                    return Content(current services name version true)
                | Unchanged version ->
                    Audit.unchanged http
                    return Content(current services name version false)
                | Refused faults -> return refusal name faults
            })

    let private unknownVersion (name: string) (version: string) (found: GopherFlow.Scripting.ScriptDetails) =
        let known = found.Versions |> List.map _.Version |> String.concat ", "
        Problem.notFound "version" (Excerpt.ofText version) $"a version of the script {name}: {known}"

    /// POST /api/scripts/{name}/rollback.
    let rollback (services: Services) (_: Caller) (name: string, request: RollbackRequest) : Handler =
        fun http ->
            task {
                match! services.Scripts.FindAsync(name, http.RequestAborted) with
                | None -> return Refusal(Scripts.unknown name)
                | Some found ->
                    match! services.Scripts.RollBackAsync(name, request.Version, http.RequestAborted) with
                    | RolledBack version ->
                        let before = Option.ofObj found.Script.CurrentVersion

                        Audit.note http {
                            Audit.nothing with
                                Before = Option.map shape before
                                After = Some(shape version)
                        }

                        return Content(current services name version (before <> Some version))
                    | NothingToRollBackTo reason ->
                        return
                            request.Version
                            |> Option.map (fun version -> unknownVersion name version found)
                            |> Option.defaultValue (Problem.nothingToRollBackTo reason)
                            |> Refusal
                    | VersionGone version ->
                        return
                            Refusal(
                                Problem.conflict
                                    "version"
                                    (Some $"{version}, which has been deleted in the meantime")
                                    $"a version of the script {name} that still exists"
                            )
            }

    /// POST /api/scripts/{name}/enable and /disable.
    let enable (enabled: bool) (services: Services) (_: Caller) (name: string, ()) : Handler =
        fun http ->
            task {
                match! services.Scripts.EnableAsync(name, enabled, http.RequestAborted) with
                | true -> return Content({ Ok = true }: Changed)
                | false -> return Refusal(Scripts.unknown name)
            }
