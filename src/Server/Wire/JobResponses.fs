namespace GopherFlow.Server

open System.Text.Json
open GopherFlow.Authoring
open GopherFlow.Operations.Jobs
open GopherFlow.Storage
open GopherFlow.Contract

/// Maps job records to the contract: one function for each kind of record.
module internal JobResponses =

    let job (job: GopherFlow.Operations.Jobs.Job) : GopherFlow.Contract.Job = {
        Id = job.Id
        Status = job.Status.ToName()
        Operation = RawJson job.OperationJson
        OperationOmitted = false
        Filter = RawJson job.FilterJson
        Actor = job.Actor
        Reason = Option.ofObj job.Reason
        Created = job.Created
        Started = Option.ofNullable job.Started
        Ended = Option.ofNullable job.Ended
        CancelRequested = Option.ofNullable job.CancelRequested
        Total = Option.ofNullable job.Total
        Done = job.Done
        Failed = job.Failed
        Skipped = job.Skipped
        Descendants = job.Descendants
        ExecutorId = Option.ofNullable job.ExecutorId
        Error = Option.ofObj job.Error
    }

    let private kindAlone (operation: string) =
        use parsed = JsonDocument.Parse operation
        let kind = parsed.RootElement.GetProperty("kind").GetRawText()
        RawJson("{\"kind\":" + kind + "}")

    /// A job in a list: only the kind of a large operation is sent.
    let listed (found: GopherFlow.Operations.Jobs.Job) : GopherFlow.Contract.Job =
        let operation = found.OperationJson

        if Responses.isLarge operation then
            {
                job found with
                    Operation = kindAlone operation
                    OperationOmitted = true
            }
        else
            job found

    let failure (failure: GopherFlow.Storage.JobFailure) : GopherFlow.Contract.JobFailure = {
        WorkflowId = failure.WorkflowId
        Reason = failure.Reason
    }

    let forecast (forecast: GopherFlow.Operations.Jobs.JobForecast) : GopherFlow.Contract.JobForecast = {
        Total = forecast.Total
        Counts = [
            for count in forecast.Counts ->
                {
                    WorkflowType = count.WorkflowType
                    Status = count.Status.ToName()
                    Count = count.Count
                }
        ]
    }
