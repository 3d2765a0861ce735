using System.Text.Json;

namespace GopherFlow.Authoring;

/// <summary>A wait for the first of some signals; <see cref="Then(string)"/> makes it a <see cref="NextState"/>. Immutable.</summary>
public sealed record SignalWait
{
    private readonly IReadOnlyList<string> signals;
    private Deadline? deadline;

    internal SignalWait(IReadOnlyList<string> signals)
    {
        if (signals.Count == 0 || signals.Any(name => string.IsNullOrWhiteSpace(name) || name.Contains('\n')))
        {
            throw new ArgumentException("Expected names of signals, without line breaks.", nameof(signals));
        }

        this.signals = signals;
    }

    /// <summary>Goes to another state if no signal has come a duration after the commit.</summary>
    public SignalWait OrAfter(TimeSpan delay, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { deadline = new Deadline(state, null, delay) };
    }

    /// <summary>The same, with a state that the generator made.</summary>
    /// <exception cref="ArgumentException">More than the name of the state is said with it.</exception>
    public SignalWait OrAfter(TimeSpan delay, NextState state) => OrAfter(delay, NextState.NameIn(state));

    /// <summary>Goes to another state if no signal has come by an instant.</summary>
    public SignalWait OrAt(DateTimeOffset instant, string state)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(state);
        return this with { deadline = new Deadline(state, instant, TimeSpan.Zero) };
    }

    /// <summary>The same, with a state that the generator made.</summary>
    /// <exception cref="ArgumentException">More than the name of the state is said with it.</exception>
    public SignalWait OrAt(DateTimeOffset instant, NextState state) => OrAt(instant, NextState.NameIn(state));

    /// <summary>The state that runs when a signal has come; its <see cref="StepContext.Signal"/> is the signal.</summary>
    public NextState Then(string state) => NextState.OnSignal(state, signals, deadline);

    /// <summary>The same, with a state that the generator made: <c>WaitFor("paid").Then(To.Ship)</c>.</summary>
    /// <exception cref="ArgumentException">More than the name of the state is said with it.</exception>
    public NextState Then(NextState state) => Then(NextState.NameIn(state));
}

/// <summary>A signal that a step has received. It is taken with the commit of the step, once.</summary>
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

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The key that its sender gave it, or null.</summary>
    public string? Key { get; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset Sent { get; }

    /// <summary>Its payload, as JSON text.</summary>
    public string Json { get; }

    internal long Id { get; }

    /// <summary>By what values are read.</summary>
    internal JsonSerializerOptions Serialization => payload.Serialization;

    /// <summary>Its payload as a type of your own.</summary>
    /// <exception cref="VariableException">The payload is null, or does not have the shape of <typeparamref name="T"/>.</exception>
    public T Get<T>() => payload.Get<T>("payload")!;

    /// <summary>The same, read by a serializer of your own.</summary>
    public T Get<T>(JsonSerializerOptions serialization) => payload.Get<T>("payload", serialization)!;
}
