namespace GopherFlow.Storage;

/// <summary>A workflow that is imported has an external id that belongs to another workflow already; nothing was written.</summary>
internal sealed class ExternalIdInUseException(string externalId)
    : InvalidOperationException($"The external id '{externalId}' belongs to another workflow already.");
