using System.Globalization;

namespace TechMarket.Standalone;

/// <summary>What is said when the platform is ready: where to go and whom to sign in as.</summary>
static class Welcome
{
    public static void Print(Uri address, DataDirectory data, TimeSpan took)
    {
        var seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var password = data.IsNew
            ? $"口令 password  {data.Operator.Password}   (仅此一次显示 · shown this once)"
            : $"口令 password  见 see {data.Part("operator.json")}";
        Console.WriteLine($"""

              科技大市场已就绪 · TechMarket is ready ({seconds} s)

              网址   address    {address}
              接口   API        {new Uri(address, "/swagger")}
              运营者 operator   {data.Operator.Email}   {password}
              数据   data       {data.Path}
              停止   stop       Ctrl-C

            """);
    }
}
