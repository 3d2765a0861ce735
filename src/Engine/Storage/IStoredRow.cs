namespace GopherFlow.Storage;

/// <summary>A row of a database, whose columns are read in the order of the select list.</summary>
internal interface IStoredRow
{
    long Number();

    int SmallNumber();

    bool Flag();

    string Text();

    DateTimeOffset Instant();

    long? OptionalNumber();

    string? OptionalText();

    DateTimeOffset? OptionalInstant();
}
