namespace GopherFlow.Behaviour;

/// <summary>Every scenario, in C# and in F#, on each of its stores.</summary>
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
    public Task A_scenario_behaves_the_same_in_both_languages(string scenario, Language language, StoreKind store) =>
        Scenarios.Named(scenario).RunAsync(language, store);
}
