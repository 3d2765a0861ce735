namespace GopherFlow.FSharp

open System
open GopherFlow.Authoring

/// Lengths of time, and what happens when a state fails.
[<AutoOpen>]
module Durations =

    /// <summary>A number of milliseconds: an integer or a fraction.</summary>
    let inline milliseconds count : TimeSpan = TimeSpan.FromMilliseconds(float count)

    /// <summary>A number of seconds: an integer or a fraction.</summary>
    let inline seconds count : TimeSpan = TimeSpan.FromSeconds(float count)

    /// <summary>A number of minutes: an integer or a fraction.</summary>
    let inline minutes count : TimeSpan = TimeSpan.FromMinutes(float count)

    /// <summary>A number of hours: an integer or a fraction.</summary>
    let inline hours count : TimeSpan = TimeSpan.FromHours(float count)

    /// <summary>A number of days: an integer or a fraction.</summary>
    let inline days count : TimeSpan = TimeSpan.FromDays(float count)

    /// <summary>For <c>keepFinished</c> and the like: nothing is deleted.</summary>
    let forEver: TimeSpan = TimeSpan.Zero

    /// <summary>A number of retries, after delays that grow in equal steps from the first to the longest.</summary>
    let linear (retries: int) (first: TimeSpan) (longest: TimeSpan) : RetryPolicy =
        RetryPolicy.Linear(retries, first, longest)

    /// <summary>A number of retries, after delays that double from the first up to the longest, with jitter.</summary>
    let exponential (retries: int) (first: TimeSpan) (longest: TimeSpan) : RetryPolicy =
        RetryPolicy.Exponential(retries, first, longest)

    /// <summary>No retry: the first failure makes the workflow FAILED.</summary>
    let noRetry: RetryPolicy = RetryPolicy.None

    /// <summary>Ends the attempt with an error that running it again cannot mend: the workflow is FAILED at once.</summary>
    let giveUp (reason: string) : 'T = raise (NotRetryableException reason)
