namespace GopherFlow.Server

open System
open System.Text
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing

/// A method, a path and what answers them.
type Route = {
    Method: string
    Path: string
    Handler: Handler
}

/// The routes of the server: `api` reads as the API, `map` hands it to ASP.NET Core.
module Routes =

    open Authorise
    open Body

    let private get path handler = {
        Method = HttpMethods.Get
        Path = path
        Handler = handler
    }

    let private post path handler = {
        Method = HttpMethods.Post
        Path = path
        Handler = handler
    }

    let private put path handler = {
        Method = HttpMethods.Put
        Path = path
        Handler = handler
    }

    let private delete path handler = {
        Method = HttpMethods.Delete
        Path = path
        Handler = handler
    }

    let private accounts (services: Services) = [
        post "/api/session" (json services Requests.signIn (Sessions.signIn services))
        get "/api/session" (signedIn services Sessions.current)
        delete "/api/session" (signedIn services (Sessions.signOut services))
        get OpenIdConnect.StartPath (OpenIdConnect.start services.Settings)
        get OpenIdConnect.CallbackPath (OpenIdConnect.callback services.Settings)
    ]

    let private definitions (services: Services) =
        let reads handler = signedIn services (fun _ -> handler)

        let ofName handle =
            reads (pathText "name" (fun name -> optionalText "version" (handle name)))

        [
            get "/api/definitions" (reads (Definitions.list services))
            get "/api/definitions/{name}" (ofName (Definitions.get services))
            get "/api/definitions/{name}/versions" (reads (pathText "name" (DefinitionVersions.list services)))
            post
                "/api/definitions/{name}/move"
                (changes services (fun caller ->
                    pathText "name" (fun name ->
                        json services ScriptRequests.move (DefinitionVersions.move services caller name))))
        ]

    let private scripts (services: Services) =
        let body decoder = json services decoder
        let reads handler = signedIn services (fun _ -> handler)
        let admins handler = admins services (fun _ -> handler)

        let deploys handle =
            Authorise.admins services (ScriptChanges.whereDeployingIsOn services handle)

        let versionOf name =
            pathText "version" (Scripts.getVersion services name)

        let differencesOf name =
            bothTexts "from" "to" "a version of the script" (Scripts.differences services name)

        [
            get "/api/scripts" (reads (Scripts.list services))
            post "/api/scripts/check" (admins (body ScriptRequests.check (ScriptChanges.check services)))
            post "/api/scripts/try" (admins (body ScriptRequests.tryOut (ScriptChanges.tryOut services)))
            get "/api/scripts/{name}" (reads (pathText "name" (Scripts.get services)))
            put
                "/api/scripts/{name}"
                (deploys (fun caller ->
                    pathText "name" (ScriptChanges.deploy services caller >> body ScriptRequests.deploy)))
            get "/api/scripts/{name}/versions/{version}" (reads (pathText "name" versionOf))
            get "/api/scripts/{name}/differences" (reads (pathText "name" differencesOf))
            post
                "/api/scripts/{name}/rollback"
                (deploys (fun _ -> pathText "name" (ScriptChanges.rollback services >> body ScriptRequests.rollback)))
            post "/api/scripts/{name}/enable" (admins (pathText "name" (ScriptChanges.enable services true)))
            post "/api/scripts/{name}/disable" (admins (pathText "name" (ScriptChanges.enable services false)))
        ]

    let private workflows (services: Services) =
        let body decoder = json services decoder
        let reads handler = signedIn services (fun _ -> handler)
        let changes = changes services

        let changesOf decoder handle =
            changes (fun caller ->
                pathText "id" (fun id ->
                    Workflows.named services id (fun workflow -> body decoder (handle services caller workflow))))

        [
            post "/api/workflows" (changes (Workflows.create services >> body Requests.create))
            post "/api/workflows/search" (reads (body Requests.search (Workflows.search services)))
            get "/api/workflows/{id}" (reads (pathId "id" (Workflows.get services)))
            get
                "/api/workflowByExternalId/{externalId}"
                (reads (pathText "externalId" (Workflows.getByExternalId services)))
            post "/api/workflows/{id}/state" (changesOf Requests.state Workflows.move)
            post "/api/workflows/{id}/statevars" (changesOf Requests.variable Workflows.setVariable)
            get "/api/actions/byWorkflowId/{id}" (reads (pathId "id" (Workflows.actions services >> page 200 1000)))
            post "/api/createAndWait" (changes (Waits.createAndWait services >> body Requests.createAndWait))
            post "/api/workflows/{id}/stateAndWait" (changesOf Requests.stateAndWait Waits.stateAndWait)
        ]

    let private watching (services: Services) = [
        get "/api/executors" (signedIn services (fun _ -> Executors.list services))
        get "/api/events" (signedIn services (LiveEvents.stream services))
    ]

    /// Every route under /api.
    let api (services: Services) =
        [ accounts; definitions; scripts; workflows; watching ]
        |> List.collect (fun routes -> routes services)

    let private refuse (problem: HttpContext -> Problem) : Handler =
        fun http -> Task.FromResult(Refusal(problem http))

    let private ok (http: HttpContext) =
        task {
            http.Response.ContentType <- "text/plain; charset=utf-8"
            do! http.Response.WriteAsync "ok"
            return Written
        }

    /// The process lives.
    let private health: Handler = ok

    /// The executor can do its work.
    let private ready (services: Services) : Handler =
        fun http ->
            match List.ofSeq services.Health.Reasons with
            | [] -> ok http
            | reasons -> Task.FromResult(Refusal(Problem.notReady reasons))

    let private mapRoute services (endpoints: IEndpointRouteBuilder) (route: Route) =
        endpoints.MapMethods(route.Path, [ route.Method ], Endpoint.run services route.Handler)
        |> ignore

    /// ASP.NET Core prefers a route with the method of the request to one without, so this answers all the other methods.
    let private mapOtherMethods services (endpoints: IEndpointRouteBuilder) (path: string, allowed: string list) =
        let handler =
            signedIn services (fun _ -> refuse (fun http -> Problem.wrongMethod http.Request.Method allowed))

        endpoints.Map(path, Endpoint.run services handler) |> ignore

    /// Whether a pattern takes every path that another one takes, as /api/scripts/{name} takes /api/scripts/check.
    let private takesAll (pattern: string) (path: string) =
        let parts, others = pattern.Split '/', path.Split '/'

        pattern <> path
        && parts.Length = others.Length
        && Seq.forall2 (fun (part: string) other -> part = other || part.StartsWith '{') parts others

    let private unknownRoute services : Handler =
        signedIn services (fun _ -> refuse (fun http -> Problem.unknownRoute (http.Request.Path.ToString())))

    /// Maps everything; routes of the app itself go before the console.
    let map (services: Services) (endpoints: IEndpointRouteBuilder) =
        let routes = api services
        routes |> List.iter (mapRoute services endpoints)

        let isTaken path =
            routes |> List.exists (fun other -> takesAll other.Path path)

        routes
        |> List.filter (fun route -> not (isTaken route.Path))
        |> List.groupBy _.Path
        |> List.map (fun (path, same) -> path, same |> List.map _.Method)
        |> List.iter (mapOtherMethods services endpoints)

        endpoints.Map("/api/{**rest}", Endpoint.run services (unknownRoute services))
        |> ignore

        for path, handler in [ "/health", health; "/ready", ready services ] do
            endpoints.MapMethods(path, [ HttpMethods.Get; HttpMethods.Head ], Endpoint.run services handler)
            |> ignore

        endpoints.Map("/{**path}", Endpoint.run services (ConsolePages.page (Assets.all ()))).WithOrder Int32.MaxValue
        |> ignore
