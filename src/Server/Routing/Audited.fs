namespace GopherFlow.Server

open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing

/// Writes down who changed what: every route that changes something is recorded.
module internal Audited =

    let private lastSegment (path: string) =
        path.TrimEnd('/').Substring(path.TrimEnd('/').LastIndexOf '/' + 1)

    /// The last parameter of the path.
    let private parameterOf (http: HttpContext) =
        match http.GetEndpoint() with
        | :? RouteEndpoint as endpoint ->
            endpoint.RoutePattern.Parameters
            |> Seq.tryLast
            |> Option.bind (fun parameter ->
                match http.Request.RouteValues.TryGetValue parameter.Name with
                | true, NonNull value -> Option.ofObj (value.ToString())
                | _ -> None)
        | _ -> None

    /// Of the kind that the action names: what was created, else what the path ends with.
    let private targetOf (action: string) (http: HttpContext) (answer: Result<Answer, exn>) = {
        Kind = action.Split('.')[0]
        Id =
            match answer with
            | Ok(Created(location, _)) -> lastSegment location
            | _ -> parameterOf http |> Option.defaultValue ""
    }

    /// The handler of a route, with an entry in the audit log for what it changes or refuses to change.
    let handler (services: Services) (route: GopherFlow.Server.Route) (handler: Handler) : Handler =
        match route.Action with
        | None -> handler
        | Some action -> Audit.changing services.AuditWriter services.Logger action (targetOf action) handler
