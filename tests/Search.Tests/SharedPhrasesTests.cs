using Xunit;

namespace TechMarket.Search.Tests;

public sealed class SharedPhrasesTests
{
    [Theory]
    [InlineData("锂离子电池热失控的防护", "一种抑制热失控的锂离子电池隔膜", "锂离子电池、热失控")]
    [InlineData("phased antenna array", "A satellite antenna with arrays", "antenna、arrays")]
    [InlineData("电池", "葡萄栽培", "")]
    [InlineData("本发明公开了一种电池管理系统", "一种列车管理系统，包括车载电池", "管理系统、电池")]
    [InlineData("热失控", "热失控与热失控及热失控", "热失控")]
    public void Shared_runs_are_named_the_longest_first(string query, string text, string phrases) =>
        Assert.Equal(phrases, string.Join('、', SharedPhrases.Of(query, text, 5)));
}
