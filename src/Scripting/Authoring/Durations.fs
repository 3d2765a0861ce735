namespace GopherFlow.FSharp

open System
open GopherFlow.Authoring

/// Durations, retry policies and errors that are not retried.
[<AutoOpen>]
module Durations =

    /// <summary>A duration in milliseconds; takes an integer or a float.</summary>
    let inline milliseconds count : TimeSpan = TimeSpan.FromMilliseconds(float count)

    /// <summary>A duration in seconds; takes an integer or a float.</summary>
    let inline seconds count : TimeSpan = TimeSpan.FromSeconds(float count)

    /// <summary>A duration in minutes; takes an integer or a float.</summary>
    let inline minutes count : TimeSpan = TimeSpan.FromMinutes(float count)

    /// <summary>A duration in hours; takes an integer or a float.</summary>
    let inline hours count : TimeSpan = TimeSpan.FromHours(float count)

    /// <summary>A duration in days; takes an integer or a float.</summary>
    let inline days count : TimeSpan = TimeSpan.FromDays(float count)

    /// <summary>Disables deletion, for <c>keepFinished</c>, <c>keepFailed</c> and <c>keepCancelled</c>.</summary>
    let forEver: TimeSpan = TimeSpan.Zero

    /// <summary>Linear back-off: a number of retries whose delays grow in equal steps from the first to the longest.</summary>
    let linear (retries: int) (first: TimeSpan) (longest: TimeSpan) : RetryPolicy =
        RetryPolicy.Linear(retries, first, longest)

    /// <summary>Exponential back-off: a number of retries whose delays double from the first up to the longest, with jitter.</summary>
    let exponential (retries: int) (first: TimeSpan) (longest: TimeSpan) : RetryPolicy =
        RetryPolicy.Exponential(retries, first, longest)

    /// <summary>No retries: the first failure makes the workflow FAILED.</summary>
    let noRetry: RetryPolicy = RetryPolicy.None

    /// <summary>Fails the attempt with an error that is not retried: the workflow becomes FAILED at once.</summary>
    let giveUp (reason: string) : 'T = raise (NotRetryableException reason)
