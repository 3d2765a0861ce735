namespace GopherFlow.Server

open GopherFlow.Contract

/// Definitions and their versions.
module internal DefinitionRoutes =

    open Inputs
    open Route
    open RouteParts

    let private definitionName = pathText "name" "the name of a definition"

    let private namedDefinition =
        input {
            let! name = definitionName

            and! version =
                queryText "version" "a version of the definition; the default is the newest version"

            return name, version
        }

    let private noDefinition = Definitions.unknown "Order"

    let all =
        [
            get
                "listDefinitions"
                "/api/definitions"
                "The newest version of each definition, ordered by name."
                nothing
                (sends<Definition list> "The definitions.")
                Definitions.list
            get
                "getDefinition"
                "/api/definitions/{name}"
                "One definition: its newest version, or the one in the query."
                namedDefinition
                (sends<Definition> "The definition.")
                Definitions.get
            |> refusing [ noDefinition ]
            get
                "listDefinitionVersions"
                "/api/definitions/{name}/versions"
                "The versions of a definition, newest first."
                definitionName
                (sends<DefinitionVersion list> "The versions.")
                DefinitionVersions.list
            |> refusing [ noDefinition ]
            change
                post
                Operators
                "definition.move"
                "moveToVersion"
                "/api/definitions/{name}/move"
                "Moves workflows from one version to another: either all of them or none. This is a dry run unless dryRun is false."
                (input {
                    let! name = definitionName
                    and! request = body ScriptRequests.move
                    return name, request
                })
                (sends<VersionMove> "The result of the move; for a dry run, what it would be.")
                DefinitionVersions.move
            |> taking """{"from":"1","to":"2","states":{"Review":"Check"},"dryRun":true}"""
            |> refusing [
                noDefinition
                Problem.moveRefused [ "Version 2 has no state Review." ] (List.empty<StateMove>)
            ]
        ]
        |> about "Definitions"
