using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Authoring;

/// <summary>No input, or no result.</summary>
public sealed record Unit;

/// <summary>
/// A workflow whose input, data and result are types. The variables are the data as one JSON object: they are read once a step, before
/// the state's method, and members that have changed are written with its commit. A create whose variables do not fit
/// <typeparamref name="TInput"/> is refused; data that does not fit <typeparamref name="TData"/> makes the workflow FAILED, with the path
/// of the fault. The result is what a method with <see cref="EndAttribute"/> returns.
/// </summary>
/// <typeparam name="TInput">What a workflow is created with; <see cref="Unit"/> for nothing.</typeparam>
/// <typeparam name="TData">What it knows while it runs: a record or a class that System.Text.Json can read and write.</typeparam>
/// <typeparam name="TResult">What it gives in the end; <see cref="Unit"/> for nothing.</typeparam>
public abstract class Workflow<TInput, TData, TResult> : Workflow
    where TInput : notnull
    where TData : notnull
{
    private JsonObject before = [];

    /// <summary>The data. Change its members, or set another: <c>Data = Data with { Paid = true }</c>.</summary>
    protected TData Data { get; set; } = default!;

    /// <summary>Makes the data from the input, in every step until one is committed.</summary>
    protected abstract TData Begin(TInput input);

    /// <summary>
    /// Brings data of an older version to the form of today, before it is read. Called in every step once one is committed, so it must leave
    /// data of today as it is. What it changes is committed with the step. Default: nothing.
    /// </summary>
    /// <param name="data">The variables.</param>
    protected virtual void Upgrade(JsonObject data) { }

    internal sealed override void ReadData(StrictJson json)
    {
        var stored = Variables.ToObject();
        if (!Step.HasBegun)
        {
            var input = json.Read<TInput>(stored, Variables.Serialization, "The input");
            before = KnownOf(input, stored);
            Data = Begin(input);
            return;
        }

        var upgraded = Variables.ToObject();
        Upgrade(upgraded);
        Variables.Apply(stored, upgraded);
        Data = json.Read<TData>(upgraded, Variables.Serialization, "The data");
        before = ObjectOf(Data);
    }

    internal sealed override void WriteData(StrictJson json) => Variables.Apply(before, ObjectOf(Data));

    /// <summary>The variables that the input has a member for, as they were given.</summary>
    private JsonObject KnownOf(TInput input, JsonObject stored)
    {
        var members = ObjectOf(input)
            .Select(member => member.Key)
            .ToHashSet(
                Variables.Serialization.PropertyNameCaseInsensitive
                    ? StringComparer.OrdinalIgnoreCase
                    : StringComparer.Ordinal
            );
        return new(
            stored
                .Where(variable => members.Contains(variable.Key))
                .Select(variable => KeyValuePair.Create(variable.Key, variable.Value?.DeepClone()))
        );
    }

    private JsonObject ObjectOf<T>(T value) =>
        JsonSerializer.SerializeToNode(value, Variables.Serialization) as JsonObject
        ?? throw new InvalidOperationException(
            $"{typeof(T).Name} is not written as a JSON object, which the variables of a workflow are."
        );
}

/// <summary>A workflow that begins with its data as it was given.</summary>
/// <typeparam name="TData">What it is created with, and knows while it runs.</typeparam>
/// <typeparam name="TResult">What it gives in the end.</typeparam>
public abstract class Workflow<TData, TResult> : Workflow<TData, TData, TResult>
    where TData : notnull
{
    /// <inheritdoc/>
    protected override TData Begin(TData input) => input;
}

/// <summary>A workflow that begins with its data as it was given, and has no result.</summary>
/// <typeparam name="TData">What it is created with, and knows while it runs.</typeparam>
public abstract class Workflow<TData> : Workflow<TData, Unit>
    where TData : notnull;
