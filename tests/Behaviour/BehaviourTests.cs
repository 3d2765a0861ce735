namespace GopherFlow.Behaviour;

/// <summary>Every scenario, from C# and from F#, over each of its stores.</summary>
public sealed class BehaviourTests
{
    public static TheoryData<string, Language, StoreKind> Cases =>
        [
            .. from scenario in Scenarios.All
            from language in Enum.GetValues<Language>()
            from store in scenario.Stores
            select new TheoryDataRow<string, Language, StoreKind>(scenario.Name, language, store),
        ];

    [Theory, MemberData(nameof(Cases))]
    public Task It_behaves_the_same_whatever_it_is_written_in(string scenario, Language language, StoreKind store) =>
        Scenarios.Named(scenario).RunAsync(language, store);
}
