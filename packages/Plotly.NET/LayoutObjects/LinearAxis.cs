using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>An axis.</summary>
public class LinearAxis : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static LinearAxis init<a, b, c, d, e, f, g, h>(
        FSharpOption<bool>? Visible = null, FSharpOption<Color>? Color = null, FSharpOption<Title>? Title = null,
        FSharpOption<StyleParam.AxisType>? AxisType = null, FSharpOption<StyleParam.AutoTypeNumbers>? AutoTypeNumbers = null,
        FSharpOption<StyleParam.AutoRange>? AutoRange = null, FSharpOption<AutoRangeOptions>? AutoRangeOptions = null,
        FSharpOption<bool>? AutoShift = null, FSharpOption<StyleParam.RangeMode>? RangeMode = null, FSharpOption<StyleParam.Range>? Range = null,
        FSharpOption<bool>? FixedRange = null, FSharpOption<StyleParam.ScaleAnchor>? ScaleAnchor = null, FSharpOption<double>? ScaleRatio = null,
        FSharpOption<StyleParam.AxisConstraint>? Constrain = null, FSharpOption<StyleParam.AxisConstraintDirection>? ConstrainToward = null,
        FSharpOption<StyleParam.LinearAxisId>? Matches = null, FSharpOption<a>? MaxAllowed = null, FSharpOption<b>? MinAllowed = null,
        FSharpOption<IEnumerable<Rangebreak>>? Rangebreaks = null, FSharpOption<StyleParam.TickMode>? TickMode = null,
        FSharpOption<int>? NTicks = null, FSharpOption<c>? Tick0 = null, FSharpOption<d>? DTick = null, FSharpOption<IEnumerable<e>>? TickVals = null,
        FSharpOption<IEnumerable<f>>? TickText = null, FSharpOption<StyleParam.TickOptions>? Ticks = null,
        FSharpOption<StyleParam.CategoryTickAnchor>? TicksOn = null, FSharpOption<StyleParam.TickLabelMode>? TickLabelMode = null,
        FSharpOption<StyleParam.TickLabelPosition>? TickLabelPosition = null, FSharpOption<int>? TickLabelStep = null,
        FSharpOption<StyleParam.TickLabelOverflow>? TickLabelOverflow = null, FSharpOption<StyleParam.Mirror>? Mirror = null,
        FSharpOption<int>? TickLen = null, FSharpOption<int>? TickWidth = null, FSharpOption<Color>? TickColor = null,
        FSharpOption<bool>? ShowTickLabels = null, FSharpOption<StyleParam.TickAutoMargin>? AutoMargin = null, FSharpOption<bool>? ShowSpikes = null,
        FSharpOption<Color>? SpikeColor = null, FSharpOption<int>? SpikeThickness = null, FSharpOption<StyleParam.DrawingStyle>? SpikeDash = null,
        FSharpOption<StyleParam.SpikeMode>? SpikeMode = null, FSharpOption<StyleParam.SpikeSnap>? SpikeSnap = null,
        FSharpOption<Font>? TickFont = null, FSharpOption<int>? TickAngle = null, FSharpOption<StyleParam.ShowTickOption>? ShowTickPrefix = null,
        FSharpOption<string>? TickPrefix = null, FSharpOption<StyleParam.ShowTickOption>? ShowTickSuffix = null,
        FSharpOption<string>? TickSuffix = null, FSharpOption<StyleParam.ShowExponent>? ShowExponent = null,
        FSharpOption<StyleParam.ExponentFormat>? ExponentFormat = null, FSharpOption<double>? MinExponent = null, FSharpOption<Minor>? Minor = null,
        FSharpOption<bool>? SeparateThousands = null, FSharpOption<string>? TickFormat = null,
        FSharpOption<IEnumerable<TickFormatStop>>? TickFormatStops = null, FSharpOption<string>? HoverFormat = null,
        FSharpOption<StyleParam.Range>? InsideRange = null, FSharpOption<bool>? ShowLine = null, FSharpOption<Color>? LineColor = null,
        FSharpOption<double>? LineWidth = null, FSharpOption<bool>? ShowGrid = null, FSharpOption<Color>? GridColor = null,
        FSharpOption<StyleParam.DrawingStyle>? GridDash = null, FSharpOption<double>? GridWidth = null, FSharpOption<bool>? ZeroLine = null,
        FSharpOption<Color>? ZeroLineColor = null, FSharpOption<double>? ZeroLineWidth = null, FSharpOption<int>? Shift = null,
        FSharpOption<bool>? ShowDividers = null, FSharpOption<Color>? DividerColor = null, FSharpOption<int>? DividerWidth = null,
        FSharpOption<StyleParam.LinearAxisId>? Anchor = null, FSharpOption<StyleParam.Side>? Side = null,
        FSharpOption<StyleParam.LinearAxisId>? Overlaying = null, FSharpOption<DynamicObj.DynamicObj>? LabelAlias = null,
        FSharpOption<StyleParam.Layer>? Layer = null, FSharpOption<StyleParam.Range>? Domain = null, FSharpOption<double>? Position = null,
        FSharpOption<StyleParam.CategoryOrder>? CategoryOrder = null, FSharpOption<IEnumerable<g>>? CategoryArray = null,
        FSharpOption<h>? UIRevision = null, FSharpOption<RangeSlider>? RangeSlider = null, FSharpOption<RangeSelector>? RangeSelector = null,
        FSharpOption<StyleParam.Calendar>? Calendar = null, FSharpOption<Color>? BackgroundColor = null, FSharpOption<bool>? ShowBackground = null)
        where a : IConvertible
        where b : IConvertible
        where c : IConvertible
        where d : IConvertible
        where e : IConvertible
        where f : IConvertible
        where g : IConvertible
        where h : IConvertible =>
        new LinearAxis()
            .With("visible", Visible)
            .With("color", Color)
            .With("title", Title)
            .With("type", AxisType)
            .With("autotypenumbers", AutoTypeNumbers)
            .With("autorange", AutoRange)
            .With("autorangeoptions", AutoRangeOptions)
            .With("autoshift", AutoShift)
            .With("rangemode", RangeMode)
            .With("range", Range)
            .With("fixedrange", FixedRange)
            .With("scaleanchor", ScaleAnchor)
            .With("scaleratio", ScaleRatio)
            .With("constrain", Constrain)
            .With("constraintoward", ConstrainToward)
            .With("matches", Matches)
            .With("maxallowed", MaxAllowed)
            .With("minallowed", MinAllowed)
            .With("rangebreaks", Rangebreaks)
            .With("tickmode", TickMode)
            .With("nticks", NTicks)
            .With("tick0", Tick0)
            .With("dtick", DTick)
            .With("tickvals", TickVals)
            .With("ticktext", TickText)
            .With("ticks", Ticks)
            .With("tickson", TicksOn)
            .With("ticklabelmode", TickLabelMode)
            .With("ticklabelposition", TickLabelPosition)
            .With("ticklabelstep", TickLabelStep)
            .With("ticklabeloverflow", TickLabelOverflow)
            .With("mirror", Mirror)
            .With("ticklen", TickLen)
            .With("tickwidth", TickWidth)
            .With("tickcolor", TickColor)
            .With("showticklabels", ShowTickLabels)
            .With("automargin", AutoMargin)
            .With("showspikes", ShowSpikes)
            .With("spikecolor", SpikeColor)
            .With("spikethickness", SpikeThickness)
            .With("spikedash", SpikeDash)
            .With("spikemode", SpikeMode)
            .With("spikesnap", SpikeSnap)
            .With("tickfont", TickFont)
            .With("tickangle", TickAngle)
            .With("showtickprefix", ShowTickPrefix)
            .With("tickprefix", TickPrefix)
            .With("showticksuffix", ShowTickSuffix)
            .With("ticksuffix", TickSuffix)
            .With("showexponent", ShowExponent)
            .With("exponentformat", ExponentFormat)
            .With("minexponent", MinExponent)
            .With("minor", Minor)
            .With("separatethousands", SeparateThousands)
            .With("tickformat", TickFormat)
            .With("tickformatstops", TickFormatStops)
            .With("hoverformat", HoverFormat)
            .With("insiderange", InsideRange)
            .With("showline", ShowLine)
            .With("linecolor", LineColor)
            .With("linewidth", LineWidth)
            .With("showgrid", ShowGrid)
            .With("gridcolor", GridColor)
            .With("griddash", GridDash)
            .With("gridwidth", GridWidth)
            .With("zeroline", ZeroLine)
            .With("zerolinecolor", ZeroLineColor)
            .With("zerolinewidth", ZeroLineWidth)
            .With("shift", Shift)
            .With("showdividers", ShowDividers)
            .With("dividercolor", DividerColor)
            .With("dividerwidth", DividerWidth)
            .With("anchor", Anchor)
            .With("side", Side)
            .With("overlaying", Overlaying)
            .With("labelalias", LabelAlias)
            .With("layer", Layer)
            .With("domain", Domain)
            .With("position", Position)
            .With("categoryorder", CategoryOrder)
            .With("categoryarray", CategoryArray)
            .With("uirevision", UIRevision)
            .With("rangeslider", RangeSlider)
            .With("rangeselector", RangeSelector)
            .With("calendar", Calendar)
            .With("backgroundcolor", BackgroundColor)
            .With("showbackground", ShowBackground);
}
