namespace GopherFlow.Storage;

/// <summary>Those that wait for permits and are due, in the order of their keys.</summary>
/// <param name="Place">Where they wait.</param>
/// <param name="State">The state in which they wait.</param>
/// <param name="After">Only those of keys behind this one; null for all.</param>
/// <param name="Now">Due means at or before this instant.</param>
/// <param name="Most">The most of them.</param>
internal sealed record WaiterSearch(PermitPlace Place, string State, string? After, DateTimeOffset Now, int Most);
