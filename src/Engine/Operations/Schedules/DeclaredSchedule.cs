using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Operations.Schedules;

/// <summary>A schedule that is declared in code.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">Which workflow it starts, and when.</param>
internal sealed record DeclaredSchedule(string Name, ScheduleDefinition Definition)
{
    /// <summary>A hash that changes with any part of the declaration.</summary>
    public string Hash =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Definition)))[..16];

    /// <summary>The schedules that the attributes of a class declare.</summary>
    public static IEnumerable<DeclaredSchedule> On(Type type, string workflowType) =>
        type.GetCustomAttributes<ScheduleAttribute>(inherit: false)
            .Select(schedule => new DeclaredSchedule(
                schedule.Name ?? workflowType,
                schedule.DefinitionFor(workflowType)
            ));
}

/// <summary>The schedules that the application declares in code.</summary>
internal sealed class DeclaredSchedules(IReadOnlyList<DeclaredSchedule> all)
{
    /// <summary>All declared schedules.</summary>
    public IReadOnlyList<DeclaredSchedule> All { get; } = all;

    /// <summary>Whether a schedule of that name is declared.</summary>
    public bool Has(string name) => All.Any(schedule => schedule.Name == name);
}
