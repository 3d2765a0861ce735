namespace GopherFlow.Server

open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing

/// Adds audit log entries to the routes that change something.
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

    /// The target of an action: its kind is the first part of the action; its id is that of the created object, otherwise the last path
    /// parameter.
    let private targetOf (action: string) (http: HttpContext) (answer: Result<Answer, exn>) = {
        Kind = action.Split('.')[0]
        Id =
            match answer with
            | Ok(Created(location, _)) -> lastSegment location
            | _ -> parameterOf http |> Option.defaultValue ""
    }

    /// Wraps the handler of a route, so that its changes and refusals are recorded in the audit log.
    let handler (services: Services) (route: GopherFlow.Server.Route) (handler: Handler) : Handler =
        match route.Action with
        | None -> handler
        | Some action -> Audit.changing services.AuditWriter services.Logger action (targetOf action) handler
