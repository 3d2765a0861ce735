namespace GopherFlow.Server

open GopherFlow.Contract

/// Scripts.
module internal ScriptRoutes =

    open Inputs
    open Route
    open RouteParts

    let private scriptName = pathText "name" "the name of a script"

    let private named decoder =
        input {
            let! name = scriptName
            and! request = body decoder
            return name, request
        }

    let private scriptVersion =
        input {
            let! name = scriptName
            and! version = pathText "version" "a version of the script"
            return name, version
        }

    let private twoVersions =
        input {
            let! name = scriptName
            and! from = requiredText "from" "a version of the script"
            and! target = requiredText "to" "a version of the script"
            return name, from, target
        }

    let private noScript = Scripts.unknown "Approval"

    let all =
        [
            get
                "listScripts"
                "/api/scripts"
                "All scripts, ordered by name."
                nothing
                (sends<Script list> "The scripts, without their sources.")
                Scripts.list
            compute
                Admins
                "checkScript"
                "/api/scripts/check"
                "Compiles a source and returns its errors and warnings. Nothing is stored."
                (body ScriptRequests.check)
                (sends<CheckedScript> "The result of the check.")
                ScriptChanges.check
            |> taking """{"name":"Hello","source":"let workflow = ..."}"""
            compute
                Admins
                "tryScript"
                "/api/scripts/try"
                "Compiles a source and runs one workflow in memory; waits are skipped. Nothing is stored."
                (body ScriptRequests.tryOut)
                (sends<TriedScript> "The result of the run, or the errors in the source.")
                ScriptChanges.tryOut
            |> taking """{"name":"Hello","source":"let workflow = ...","stateVars":{"customer":"17"},"stepLimit":100}"""
            get
                "getScript"
                "/api/scripts/{name}"
                "One script with its current source and its versions."
                scriptName
                (sends<ScriptDetails> "The script.")
                Scripts.get
            |> refusing [ noScript ]
            change
                put
                Admins
                "script.deploy"
                "deployScript"
                "/api/scripts/{name}"
                "Compiles a source and makes it the current version."
                (named ScriptRequests.deploy)
                (sends<CurrentVersion> "The version that is current now.")
                (ScriptChanges.whereDeployingIsOn ScriptChanges.deploy)
            |> taking """{"source":"let workflow = ..."}"""
            |> refusing [
                Problem.deployingIsOff
                Problem.scriptRefused "Hello" "Hello.fsx(3,5): error FS0039" (List.empty<Diagnostic>)
            ]
            get
                "getScriptVersion"
                "/api/scripts/{name}/versions/{version}"
                "One version of a script, with its source."
                scriptVersion
                (sends<ScriptSource> "The version.")
                Scripts.getVersion
            |> refusing [ noScript ]
            get
                "compareScriptVersions"
                "/api/scripts/{name}/differences"
                "Compares two versions of a script, line by line."
                twoVersions
                (sends<Differences> "The files that differ.")
                Scripts.differences
            |> refusing [ noScript ]
            change
                post
                Admins
                "script.rollback"
                "rollBackScript"
                "/api/scripts/{name}/rollback"
                "Makes an older version the current one: the given version, by default the previous one."
                (named ScriptRequests.rollback)
                (sends<CurrentVersion> "The version that is current now.")
                (ScriptChanges.whereDeployingIsOn ScriptChanges.rollback)
            |> taking """{"version":"3f9a"}"""
            |> refusing [
                noScript
                Problem.deployingIsOff
                Problem.nothingToRollBackTo "Approval has one version."
                Problem.conflict
                    "version"
                    (Some "3f9a, which has been deleted in the meantime")
                    "a version of the script Approval that still exists"
            ]
            change
                post
                Admins
                "script.enable"
                "enableScript"
                "/api/scripts/{name}/enable"
                "Allows workflows of a script to run again."
                (named OperationRequests.nothing)
                (sends<Changed> "It is enabled.")
                (ScriptChanges.enable true)
            |> refusing [ noScript ]
            change
                post
                Admins
                "script.disable"
                "disableScript"
                "/api/scripts/{name}/disable"
                "Prevents workflows of a script from running and new ones from being created."
                (named OperationRequests.nothing)
                (sends<Changed> "It is disabled.")
                (ScriptChanges.enable false)
            |> refusing [ noScript ]
        ]
        |> about "Scripts"
