namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Authoring
open GopherFlow.Contract
open GopherFlow.Definitions

/// Recent throughput and upcoming work: `throughput`, `upcoming`.
module internal Activity =

    /// How far back the throughput goes.
    let private span = TimeSpan.FromHours 1.

    let private minute (instant: DateTimeOffset) =
        instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMinute))

    /// GET /api/throughput.
    let throughput (services: Services) () : Handler =
        fun http ->
            task {
                let now = services.Clock.GetUtcNow()
                let from = minute (now - span)
                let! ended = services.Throughput.ReadAsync(from, http.RequestAborted)

                let answer: Throughput = {
                    From = from
                    Until = now
                    Minutes = [
                        for count in ended ->
                            {
                                Minute = count.Minute
                                WorkflowType = count.WorkflowType
                                Status = count.Status.ToName()
                                Count = count.Count
                            }
                    ]
                }

                return Content answer
            }

    /// The definitions that have unfinished workflows, from the stored counts.
    let unfinished (services: Services) (cancellation: CancellationToken) =
        task {
            let! counts = services.Store.CountsAsync cancellation

            return
                counts
                |> Seq.filter (fun count -> not (count.Status.IsFinal()))
                |> Seq.map (fun count -> DefinitionKey(count.WorkflowType, count.Version))
                |> Seq.distinct
                |> Array.ofSeq
        }

    /// GET /api/upcoming. Uses the stored counts, so the cost does not depend on the number of waiting workflows.
    let upcoming (services: Services) (limit: int) : Handler =
        fun http ->
            task {
                let! unfinished = unfinished services http.RequestAborted
                let! ids = services.Store.UpcomingAsync(unfinished, limit, http.RequestAborted)
                let! found = Workflows.listed services.Store ids http.RequestAborted

                return
                    Content(Responses.list (Services.canRun services) (services.Clock.GetUtcNow()) found: Workflow list)
            }
