using System.Text.Json;

namespace GopherFlow.Authoring;

/// <summary>
/// A wait for one or several signals, which ends with the first. <see cref="Then(string)"/> turns it into a <see cref="NextState"/>.
/// Immutable.
/// </summary>
public sealed record SignalWait
{
    private readonly IReadOnlyList<string> signals;
    private Deadline? deadline;

    internal SignalWait(IReadOnlyList<string> signals)
    {
        if (signals.Count == 0 || signals.Any(name => string.IsNullOrWhiteSpace(name) || name.Contains('\n')))
        {
            throw new ArgumentException("Expected one or more signal names without line breaks.", nameof(signals));
        }

        this.signals = signals;
    }

    /// <summary>Goes to another state if no signal has arrived after a delay that begins with the commit.</summary>
    public SignalWait OrAfter(TimeSpan delay, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { deadline = new Deadline(state, null, delay) };
    }

    /// <summary>Like <see cref="OrAfter(TimeSpan, string)"/>, with a state from the source generator.</summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> has options other than its target, such as a delay.</exception>
    public SignalWait OrAfter(TimeSpan delay, NextState state) => OrAfter(delay, NextState.NameIn(state));

    /// <summary>Goes to another state if no signal has arrived by an instant.</summary>
    public SignalWait OrAt(DateTimeOffset instant, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { deadline = new Deadline(state, instant, TimeSpan.Zero) };
    }

    /// <summary>Like <see cref="OrAt(DateTimeOffset, string)"/>, with a state from the source generator.</summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> has options other than its target, such as a delay.</exception>
    public SignalWait OrAt(DateTimeOffset instant, NextState state) => OrAt(instant, NextState.NameIn(state));

    /// <summary>Sets the state that runs when a signal has arrived. It finds the signal in <see cref="StepContext.Signal"/>.</summary>
    public NextState Then(string state) => NextState.OnSignal(state, signals, deadline);

    /// <summary>Like <see cref="Then(string)"/>, with a state from the source generator: <c>WaitFor("paid").Then(To.Ship)</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> has options other than its target, such as a delay.</exception>
    public NextState Then(NextState state) => Then(NextState.NameIn(state));
}

/// <summary>A signal that a step has received. The commit of the step takes it, so no later step receives it again.</summary>
public sealed class ReceivedSignal
{
    private readonly Variables payload;

    internal ReceivedSignal(
        long id,
        string name,
        string? key,
        string payload,
        DateTimeOffset sent,
        JsonSerializerOptions? serialization
    )
    {
        Id = id;
        Name = name;
        Key = key;
        Sent = sent;
        Json = payload;
        this.payload = Variables.FromStore($$"""{"payload":{{payload}}}""", serialization);
    }

    /// <summary>The name of the signal.</summary>
    public string Name { get; }

    /// <summary>The key that the sender gave it, or null.</summary>
    public string? Key { get; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset Sent { get; }

    /// <summary>The payload, as JSON text.</summary>
    public string Json { get; }

    internal long Id { get; }

    /// <summary>The options with which the payload is deserialized.</summary>
    internal JsonSerializerOptions Serialization => payload.Serialization;

    /// <summary>Deserializes the payload.</summary>
    /// <exception cref="VariableException">The payload is null, or cannot be deserialized to <typeparamref name="T"/>.</exception>
    public T Get<T>() => payload.Get<T>("payload")!;

    /// <summary>Deserializes the payload with your own serializer options.</summary>
    /// <exception cref="VariableException">The payload is null, or cannot be deserialized to <typeparamref name="T"/>.</exception>
    public T Get<T>(JsonSerializerOptions serialization) => payload.Get<T>("payload", serialization)!;
}
