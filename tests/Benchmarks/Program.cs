using TechMarket.Benchmarks.Ranking;

return args switch
{
    ["ranking", .. var options] => await RankingBench.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("ranking [--task DIR] [--run FILE] [--adapter embedded] [--quick] [--json]");
    return 2;
}
