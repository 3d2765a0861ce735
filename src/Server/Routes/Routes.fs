namespace GopherFlow.Server

open System
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing

/// The routes of the server: `api` lists them, `map` registers them with ASP.NET Core.
module internal Routes =

    /// All routes under /api except those of the OpenAPI document.
    let api =
        [
            WorkflowRoutes.all
            OperationRoutes.all
            SignalRoutes.all
            HistoryRoutes.all
            ImportRoutes.all
            JobRoutes.all
            ScheduleRoutes.all
            DefinitionRoutes.all
            ScriptRoutes.all
            WatchRoutes.all
            SessionRoutes.all
            UserRoutes.all
            AuditRoutes.all
        ]
        |> List.concat

    let private refuse (problem: HttpContext -> Problem) : Handler =
        fun http -> Task.FromResult(Refusal(problem http))

    /// Streams do not support HEAD, because they do not end.
    let private methodsOf (route: GopherFlow.Server.Route) =
        let isStream =
            route.Replies
            |> List.exists (fun reply -> reply.ContentType = Some "text/event-stream")

        if route.Method = HttpMethods.Get && not isStream then
            [ HttpMethods.Get; HttpMethods.Head ]
        else
            [ route.Method ]

    let private mapRoute services (endpoints: IEndpointRouteBuilder) (route: GopherFlow.Server.Route) =
        let handler = Audited.handler services route (route.Handler services)

        endpoints.MapMethods(route.Path, methodsOf route, Endpoint.run services handler)
        |> ignore

    /// ASP.NET Core prefers a route with the method of the request to one without a method, so this route handles all other methods.
    let private mapOtherMethods services (endpoints: IEndpointRouteBuilder) (path: string, allowed: string list) =
        let handler =
            Authorise.signedIn services (fun _ -> refuse (fun http -> Problem.wrongMethod http.Request.Method allowed))

        endpoints.Map(path, Endpoint.run services handler) |> ignore

    /// Whether a pattern matches every path that another one matches, as /api/scripts/{name} matches /api/scripts/check.
    let private takesAll (pattern: string) (path: string) =
        let parts, others = pattern.Split '/', path.Split '/'

        pattern <> path
        && parts.Length = others.Length
        && Seq.forall2 (fun (part: string) other -> part = other || part.StartsWith '{') parts others

    let private unknownRoute services : Handler =
        Authorise.signedIn services (fun _ ->
            refuse (fun http -> Problem.unknownRoute (Excerpt.ofText (http.Request.Path.ToString()))))

    /// Maps the API and the console. Routes of the application take precedence over the console.
    let map (services: Services) (endpoints: IEndpointRouteBuilder) =
        let routes = api @ ApiDescription.routes api
        routes |> List.iter (mapRoute services endpoints)

        let isTaken path =
            routes |> List.exists (fun other -> takesAll other.Path path)

        routes
        |> List.filter (fun route -> not (isTaken route.Path))
        |> List.groupBy _.Path
        |> List.map (fun (path, same) -> path, List.collect methodsOf same)
        |> List.iter (mapOtherMethods services endpoints)

        endpoints.MapMethods(
            OpenIdConnect.CallbackPath,
            [ HttpMethods.Get ],
            Endpoint.run services OpenIdConnect.callback
        )
        |> ignore

        endpoints.Map("/api/{**rest}", Endpoint.run services (unknownRoute services))
        |> ignore

        endpoints.Map("/{**path}", Endpoint.run services (ConsolePages.page (Assets.all ()))).WithOrder Int32.MaxValue
        |> ignore
