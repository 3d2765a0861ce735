namespace GopherFlow.Server

open System
open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// A successful response of a route.
type Response = {
    Status: int
    /// The type of the body; None if there is no body or it is not JSON.
    Content: Type option
    ContentType: string option
    Description: string
}

/// A route: its method and path, who may call it, its input and responses, and its handler.
type Route = {
    /// The name of the operation in generated clients.
    Name: string
    Method: string
    Path: string
    /// The heading in the API description.
    Subject: string
    Summary: string
    Access: Access
    Parameters: Parameter list
    Body: Schema option
    /// An example of a request body, as JSON.
    Example: string option
    Replies: Response list
    /// An example of each kind of problem that the route can return, in addition to those that all routes have.
    Problems: Problem list
    /// The action in the audit log; None for routes that change nothing.
    Action: string option
    Handler: Services -> Handler
}

/// Creates routes.
module internal Route =

    /// 200 with a value of this type.
    let sends<'content> description : Response list = [
        {
            Status = StatusCodes.Status200OK
            Content = Some typeof<'content>
            ContentType = Some "application/json"
            Description = description
        }
    ]

    /// 201 with a value of this type.
    let creates<'content> description : Response list = [
        {
            Status = StatusCodes.Status201Created
            Content = Some typeof<'content>
            ContentType = Some "application/json"
            Description = description
        }
    ]

    /// 204.
    let sendsNothing description : Response list = [
        {
            Status = StatusCodes.Status204NoContent
            Content = None
            ContentType = None
            Description = description
        }
    ]

    /// 200 with a body that is not JSON.
    let sendsOther contentType description : Response list = [
        {
            Status = StatusCodes.Status200OK
            Content = None
            ContentType = Some contentType
            Description = description
        }
    ]

    let private unknownQuery (parameters: Parameter list) (http: HttpContext) =
        let known =
            parameters
            |> List.filter (fun parameter -> parameter.Place = Query)
            |> List.map _.Name

        let expected =
            if known.IsEmpty then
                "no parameters in the query"
            else
                $"""only the parameters {String.concat ", " known}"""

        http.Request.Query
        |> Seq.filter (fun given -> not (List.contains given.Key known))
        |> Seq.truncate Faults.Most
        |> Seq.map (fun given ->
            FaultyField.create (Excerpt.ofText given.Key) (Some(Excerpt.ofText (given.Value.ToString()))) expected)
        |> List.ofSeq

    /// Reads the input and passes it to the handler. Validation errors of query, path and body are reported together.
    let private reading services (input: Input<'input>) (handle: 'input -> Handler) : Handler =
        fun http ->
            task {
                let unknown = unknownQuery input.Parameters http

                match! input.Read services http with
                | Refused problem -> return Refusal problem
                | Faulty faults -> return Refusal(Problem.invalidRequest (unknown @ faults))
                | Read value when unknown.IsEmpty -> return! handle value http
                | Read _ -> return Refusal(Problem.invalidRequest unknown)
            }

    let private create verb name path access summary (input: Input<'input>) replies handler = {
        Name = name
        Method = verb
        Path = path
        Subject = ""
        Summary = summary
        Access = access
        Parameters = input.Parameters
        Body = input.Body
        Example = None
        Replies = replies
        Problems = []
        Action = None
        Handler = handler
    }

    let private signedIn verb access name path summary input replies (handle: Services -> Caller -> 'input -> Handler) =
        create verb name path access summary input replies (fun services http ->
            task {
                match! Authorise.caller services access http with
                | Error problem -> return Refusal problem
                | Ok caller -> return! reading services input (handle services caller) http
            })

    /// A route that changes nothing, for every signed-in user.
    let get name path summary input replies handle =
        signedIn HttpMethods.Get SignedIn name path summary input replies (fun services _ -> handle services)

    /// A query whose filter is in the body.
    let query name path summary input replies handle =
        signedIn HttpMethods.Post SignedIn name path summary input replies (fun services _ -> handle services)

    /// A read-only route for every signed-in user, whose handler gets the caller.
    let getAs name path summary input replies handle =
        signedIn HttpMethods.Get SignedIn name path summary input replies handle

    /// A read-only route for admins.
    let getAsAdmin name path summary input replies handle =
        signedIn HttpMethods.Get Admins name path summary input replies handle

    /// A route that changes something, with its action in the audit log.
    let change verb access action name path summary input replies handle = {
        signedIn verb access name path summary input replies handle with
            Action = Some action
    }

    /// A route that takes a body but changes nothing, for callers with the given access.
    let compute access name path summary input replies handle =
        signedIn HttpMethods.Post access name path summary input replies handle

    /// A route for everybody.
    let openToAll verb action name path summary (input: Input<'input>) replies (handle: Services -> 'input -> Handler) = {
        create verb name path Anyone summary input replies (fun services -> reading services input (handle services)) with
            Action = action
    }

    /// Adds the problems that are specific to a route.
    let refusing problems (route: Route) = { route with Problems = problems }

    /// Adds an example of the request body.
    let taking (example: string) (route: Route) = { route with Example = Some example }

    /// Adds further successful responses.
    let alsoReplying replies (route: Route) = {
        route with
            Replies = route.Replies @ replies
    }

    /// Sets the subject of routes.
    let about subject (routes: Route list) =
        routes |> List.map (fun route -> { route with Subject = subject })
