namespace GopherFlow.Storage;

/// <summary>The database cannot be used: it cannot be opened, or it was written by a newer program.</summary>
public sealed class StoreSetupException : Settings.SetupException
{
    /// <summary>With what is wrong and what to do.</summary>
    public StoreSetupException(string fault, Exception? inner = null)
        : base("database", [fault], inner) { }
}
