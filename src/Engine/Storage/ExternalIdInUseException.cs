namespace GopherFlow.Storage;

/// <summary>An imported workflow has an external id that already belongs to another workflow. Nothing was written.</summary>
internal sealed class ExternalIdInUseException(string externalId)
    : InvalidOperationException($"The external id '{externalId}' already belongs to another workflow.");
