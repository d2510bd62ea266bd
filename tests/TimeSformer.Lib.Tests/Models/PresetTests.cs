namespace TimeSformer.Tests.Models;

public sealed class PresetTests
{
    [Fact]
    public void The_names_are_those_of_all_presets() =>
        Assert.Equal(Preset.Names, string.Join(", ", Preset.All.Select(preset => preset.Name)));
}
