namespace GopherFlow.Storage;

/// <summary>A search for due workflows that wait for permits, in the order of their keys.</summary>
/// <param name="Place">Where they wait.</param>
/// <param name="State">The state in which they wait.</param>
/// <param name="After">Only keys after this one; null for all.</param>
/// <param name="Now">Due means at or before this instant.</param>
/// <param name="Most">The maximum number of workflows.</param>
internal sealed record WaiterSearch(PermitPlace Place, string State, string? After, DateTimeOffset Now, int Most);
