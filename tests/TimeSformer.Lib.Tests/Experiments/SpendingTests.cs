using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

public sealed class SpendingTests : FolderTests
{
    [Fact]
    public void What_an_interrupted_run_took_counts_when_it_goes_on()
    {
        Directory.CreateDirectory(folder.File("run"));
        using (new Spending(folder.File("run"))) Thread.Sleep(30);
        using var again = new Spending(folder.File("run"));
        Assert.InRange(again.Total.Seconds, 0.03, 60);
        File.WriteAllText(folder.File("run/spent.json"), """{"Seconds": 3600, "Joules": null}""");
        using var third = new Spending(folder.File("run"));
        Assert.InRange(third.Total.Seconds, 3600, 3660);
        Assert.Null(third.Total.Joules);
    }

    [Fact]
    public void A_note_that_was_cut_off_does_not_stop_the_run()
    {
        Directory.CreateDirectory(folder.File("run"));
        File.WriteAllText(folder.File("run/spent.json"), "{\"Seconds\": 36");
        using var spending = new Spending(folder.File("run"));
        Assert.InRange(spending.Total.Seconds, 0, 60);
    }
}
