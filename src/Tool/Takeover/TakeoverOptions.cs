namespace GopherFlow.Tool.Takeover;

/// <summary>The options of a takeover.</summary>
internal sealed record TakeoverOptions
{
    /// <summary>How recent the last heartbeat of a live executor is. The Go system sends one every 30 seconds.</summary>
    public static readonly TimeSpan AliveWithin = TimeSpan.FromMinutes(2);

    /// <summary>Whether the workflows are taken over. If not, this is a dry run.</summary>
    public required bool Apply { get; init; }

    /// <summary>Whether failed workflows are taken over too, and run again.</summary>
    public required bool WithFailed { get; init; }

    /// <summary>Whether to proceed while the Go system is running.</summary>
    public required bool WhileRunning { get; init; }

    /// <summary>Variables whose text is JSON and is to be parsed into a value.</summary>
    public required IReadOnlySet<string> Parsed { get; init; }

    /// <summary>States in which a parent waits until its last child has ended.</summary>
    public required IReadOnlySet<string> AwaitingChildren { get; init; }
}
