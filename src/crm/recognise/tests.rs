#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::crm::preset::shipped;

fn split(line: &str) -> Vec<String> {
    line.split(',').map(|h| h.trim_matches(['"', '\r', '\n']).to_owned()).collect()
}

fn take(line: &str, file: &str) -> Result<Recognised, Refusal> {
    recognise(&split(line), file, shipped(), Pinned::default())
}

fn brief(line: &str, file: &str) -> String {
    match take(line, file) {
        Ok(r) => {
            let shape = match r.shape {
                Shape::Records(kind) => kind.name().to_owned(),
                Shape::Link { table, key, fills } => format!("link {}.{key} -> {fills}", table.name()),
                Shape::Lookup { table, key } => format!("lookup {}.{key}", table.name()),
            };
            format!("{} {}: {shape}", r.preset, r.object)
        }
        Err(refusal) => refusal.0.code.name().to_owned(),
    }
}

#[test]
fn files_of_many_shapes_are_taken_for_what_they_are() {
    let cases = [
        // Salesforce, by API names.
        ("Id,Name,StageName,Amount,CloseDate,OwnerId", "salesforce Opportunity: deals"),
        ("ID,ISDELETED,ACCOUNTID,NAME,STAGENAME,AMOUNT,CLOSEDATE,ISCLOSED,ISWON,OWNERID,CREATEDDATE", "salesforce Opportunity: deals"),
        (
            "id,account_id,owner_id,stage_name,amount,close_date,is_won,is_closed,is_deleted,_fivetran_synced",
            "salesforce Opportunity: deals",
        ),
        ("Id,Subject,StartDateTime,EndDateTime,DurationInMinutes,OwnerId,WhatId,WhoId,Type,IsChild", "salesforce Event: activities"),
        ("ID,SUBJECT,ACTIVITYDATE,STATUS,OWNERID,WHATID,WHOID,TASKSUBTYPE,CALLDURATIONINSECONDS", "salesforce Task: activities"),
        ("Id,Subject,ActivityDate,Status,Owner.Name,WhatId,Who.Name", "salesforce Task: activities"),
        ("Id,Name,OwnerId,Type,Industry,AnnualRevenue,BillingCity,CreatedDate", "salesforce Account: accounts"),
        ("Id,Name,Email,UserRole.Name,ManagerId,IsActive,TimeZoneSidKey", "salesforce User: people"),
        ("Id,FirstName,LastName,Company,Status,IsConverted,ConvertedDate,ConvertedAccountId,OwnerId", "salesforce Lead: leads"),
        (
            "Id,AccountId,LastName,FirstName,Name,Email,Title,MailingCity,ReportsToId,OwnerId",
            "salesforce Contact: lookup activities.contact_id",
        ),
        (
            "Id,RelationId,EventId,Status,IsInvitee,IsParent,IsDeleted,SystemModstamp",
            "salesforce EventRelation: link activities.id -> with_person",
        ),
        (
            "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,ForecastCategory,SystemModstamp,IsDeleted",
            "salesforce OpportunityHistory: stages",
        ),
        ("Id,OpportunityId,CreatedDate,Field,OldValue,NewValue,CreatedById", "salesforce OpportunityFieldHistory: stages"),
        (
            "Id,MasterLabel,ApiName,IsActive,SortOrder,IsClosed,IsWon,DefaultProbability,ForecastCategory",
            "salesforce OpportunityStage: lookup deals.stage",
        ),
        ("Id,Name,DeveloperName,SobjectType,IsActive", "salesforce RecordType: lookup deals.pipeline_id"),
        ("Id,Name,ParentRoleId,RollupDescription,ForecastUserId", "salesforce UserRole: lookup people.role_id"),
        // Salesforce, by report labels.
        (
            "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount Currency,Amount,Probability (%),Age,Close Date,Created Date,Next Step,Lead Source,Type",
            "salesforce opportunity report: deals",
        ),
        ("Assigned,Subject,Date,Company / Account,Contact,Status,Type,Task Subtype", "salesforce activity report: activities"),
        (
            "Assigned,Subject,Date,Company / Account,Opportunity,Stage,Amount,Close Date,Probability (%),Opportunity Owner,Lead Source,Next Step,Type,Status",
            "salesforce activity report: activities",
        ),
        // HubSpot, by labels, by property names, from a warehouse.
        (
            "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Create Date,Associated Company,Deal Type,Closed Lost Reason",
            "hubspot deals: deals",
        ),
        ("Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date", "hubspot deals: deals"),
        ("hs_object_id,dealname,dealstage,pipeline,amount,closedate,createdate,hubspot_owner_id,dealtype", "hubspot deals: deals"),
        ("DEALNAME,DEALSTAGE,CLOSEDATE,HS_LASTMODIFIEDDATE,HS_OBJECT_ID", "hubspot deals: deals"),
        (
            "Record ID,Meeting name,Meeting outcome,Activity date,Activity assigned to,Meeting start time,Meeting end time,Associated Contact,Associated Company",
            "hubspot meetings: activities",
        ),
        (
            "Record ID,Call title,Call outcome,Call duration,Activity date,Activity assigned to,Associated Company IDs",
            "hubspot calls: activities",
        ),
        (
            "Record ID,Task title,Task status,Task type,Due date,Completion date,Assigned to,Associated Deal IDs",
            "hubspot tasks: activities",
        ),
        (
            "hs_object_id,hs_timestamp,hubspot_owner_id,hs_meeting_title,hs_meeting_start_time,hs_meeting_end_time,hs_meeting_outcome",
            "hubspot meetings: activities",
        ),
        (
            "engagement_id,property_hs_timestamp,property_hubspot_owner_id,property_hs_call_duration,property_hs_call_disposition,type",
            "hubspot calls: activities",
        ),
        (
            "Record ID,Company name,Company owner,Create Date,Industry,City,Country/Region,Phone Number,Last Activity Date",
            "hubspot companies: accounts",
        ),
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,Lead Status,Associated Company,Create Date",
            "hubspot contacts: lookup activities.contact_id",
        ),
        ("id,portal_id,type,owner_id,timestamp,created_at,last_updated,active", "hubspot engagement: lookup activities.id"),
        ("engagement_id,deal_id", "hubspot engagement_deal: link activities.id -> deal_id"),
        // Pipedrive, by headings and by names of the API.
        (
            "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status,Deal - Owner,Deal - Won time,Deal - Organization",
            "pipedrive deals: deals",
        ),
        (
            "Deal - Title,Deal - Value,Organization,Contact person,Deal - Owner,Deal - Stage (pipeline),Deal - Status,Person - Email,Organization - Address",
            "pipedrive deals: deals",
        ),
        (
            "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,Activity - Assigned to user,Activity - Done,Deal - Title,Organization",
            "pipedrive activities: activities",
        ),
        ("Organization - ID,Organization - Name,Organization - Owner,Organization - Address", "pipedrive organizations: accounts"),
        ("Person - ID,Person - Name,Person - Email,Organization - Name", "pipedrive persons: lookup activities.contact_id"),
        (
            "id,title,value,currency,status,stage_id,pipeline_id,org_id,org_name,user_id,owner_name,add_time,update_time,won_time,lost_time",
            "pipedrive deals of the API: deals",
        ),
        (
            "id,type,subject,done,due_date,due_time,duration,add_time,marked_as_done_time,user_id,owner_name,org_id,deal_id,deal_title,active_flag",
            "pipedrive activities of the API: activities",
        ),
        ("id,item_id,user_id,field_key,old_value,new_value,log_time", "pipedrive deal changes: stages"),
        ("id,order_nr,name,active_flag,deal_probability,pipeline_id,pipeline_name", "pipedrive stages: lookup deals.stage_id"),
        ("id,name,email,active_flag,timezone_name,default_currency,is_admin,last_login", "pipedrive users: people"),
        // Zoho CRM and Bigin.
        (
            "Record Id,Deal Owner.id,Deal Owner,Amount,Deal Name,Closing Date,Account Name.id,Account Name,Stage,Type,Expected Revenue,Created Time",
            "zoho deals: deals",
        ),
        (
            "Deal Id,Deal Owner.id,Deal Owner,Deal Name,Company Name.id,Company Name,Sub-Pipeline,Amount,Stage,Closing Date,Created Time",
            "zoho deals: deals",
        ),
        (
            "Record Id,Deal Name.id,Deal Name,Stage,Stage Duration (Calendar Days),Moved To,Amount,Closing Date,Modified Time",
            "zoho stage history: stages",
        ),
        ("id,Deal_Name,Stage,Amount,Closing_Date,Owner.id,Owner.name,Account_Name.name,Created_Time,Modified_Time", "zoho deals: deals"),
        (
            "Record Id,Subject,Call Type,Call Start Time,Call Duration (in seconds),Call Owner.id,Call Result,Related To.id",
            "zoho calls: activities",
        ),
        // Dynamics 365 and Dataverse.
        (
            "(Do Not Modify) Opportunity,Topic,Potential Customer,Est. close date,Est. revenue,Actual Revenue,Actual Close Date,Status,Status Reason,Owner,Created On,Sales Stage",
            "dynamics opportunities: deals",
        ),
        ("Subject,Regarding,Activity Type,Activity Status,Owner,Due Date,Actual End,Priority", "dynamics activities: activities"),
        (
            "Subject,Start Time,End Time,Duration,Required Attendees,Organizer,Regarding,Is Online Meeting,Owner,Status,Status Reason",
            "dynamics appointments: activities",
        ),
        (
            "opportunityid,name,_ownerid_value,statecode,statuscode,estimatedvalue,actualvalue,actualclosedate,createdon",
            "dynamics opportunity: deals",
        ),
        ("activityid,activitytypecode,subject,_ownerid_value,scheduledstart,actualend,statecode", "dynamics activitypointer: activities"),
        ("activityid,subject,scheduledstart,scheduledend,ownerid,statecode,requiredattendees", "dynamics appointment: activities"),
        ("activityid,partyid,participationtypemask", "dynamics activityparty: link activities.id -> with_person"),
        ("systemuserid,fullname,internalemailaddress,isdisabled", "dynamics users: people"),
        ("Name,Goal Metric,Goal Owner,From,To,Target (Money),Actual (Money)", "dynamics goals: targets"),
        // Close.
        (
            "id,lead_id,lead_name,user_id,user_name,status_label,status_type,value,value_period,date_created,date_won,date_lost,confidence",
            "close opportunities: deals",
        ),
        ("id,lead_id,user_id,user_name,title,starts_at,ends_at,status,date_created,date_updated", "close meetings: activities"),
        ("id,lead_id,user_id,disposition,direction,duration,status,local_phone,remote_phone,date_created", "close calls: activities"),
        ("id,lead_id,lead_name,text,is_complete,assigned_to,assigned_to_name,date,date_created", "close tasks: activities"),
        // Freshsales.
        ("Deal name,Deal value,Sales owner,Deal pipeline,Deal stage,Account,Expected close date,Closed date", "freshsales deals: deals"),
        (
            "id,name,amount,sales_account_id,deal_stage_id,owner_id,expected_close,closed_date,created_at,updated_at",
            "freshsales deals: deals",
        ),
        (
            "id,title,from_date,end_date,targetable_id,targetable_type,creater_id,is_allday,created_at",
            "freshsales appointments: activities",
        ),
        // Other CRMs and spreadsheets.
        ("id,org_name,name,amount,close_date,stage,owner", "generic deals: deals"),
        ("id,title,due_date,status,owner,account,pipeline_id", "generic activities: activities"),
        ("opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value", "generic deals: deals"),
        ("account,sector,year_established,revenue,employees,office_location,subsidiary_of", "generic accounts: accounts"),
        ("sales_agent,manager,regional_office", "generic people: people"),
        ("Date,Rep,Type,Customer", "generic activities: activities"),
        ("date,rep,activity,company,outcome,notes", "generic activities: activities"),
        ("id,activity_type,deal_id,user_id,created_at", "generic activities: activities"),
        ("call_id,rep_id,account_id,call_at_utc,duration_seconds,disposition", "generic calls: activities"),
        ("meeting_id,meeting_date,attendee_count,owner,company,status", "generic meetings: activities"),
        (
            "Activity ID,Activity Type,Activity Date,Rep,Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Probability,Forecast Category,Lead Source,Product,Account,Industry,Region",
            "generic activities: activities",
        ),
        ("deal_id,deal_name,deal_stage,deal_owner,amount,create_date,close_date", "generic deals: deals"),
        (
            "Nome da negociação;Etapa do funil de vendas;Responsável pela negociação;Valor da negociação;Data de fechamento",
            "rd-station negociações: deals",
        ),
        // Others, in their own words.
        (
            "Name,Company,Company Id,Primary Person Contact,Status,Owner,Owner Id,Close Date,Completed Date,Value,Currency,Pipeline,Stage,Created At,Copper ID",
            "copper opportunities: deals",
        ),
        (
            "Name,Details,Status,Priority,Owner,Owner Id,Due Date,% Complete,Completed At,Activity Type,Copper ID",
            "copper tasks: activities",
        ),
        (
            "ID,Subject,Assigned User ID,Assigned User Name,Start Date and Time,Duration Hours,Duration Minutes,Status,Related Type,Parent ID,Meeting Type",
            "sugarcrm meetings: activities",
        ),
        (
            "id,name,date_start,duration_hours,duration_minutes,status,direction,parent_type,parent_id,assigned_user_id,deleted",
            "sugarcrm calls: activities",
        ),
        (
            "id,name,amount,amount_usdollar,date_closed,sales_stage,assigned_user_id,opportunity_type,date_entered,deleted",
            "sugarcrm opportunities: deals",
        ),
        ("Opportunity,Customer,Salesperson,Stage,Expected Revenue,Expected Closing,Created on", "odoo opportunities: deals"),
        ("id,name,partner_id/id,user_id/id,stage_id/id,expected_revenue,date_deadline", "odoo opportunities: deals"),
        ("Completion Date,Activity Type,Summary,Created By,Salesperson,Opportunity,Customer", "odoo activity analysis: activities"),
        ("Meeting Subject,Start,Stop,Duration,Organizer,Attendees", "odoo meetings: activities"),
        ("ID,TITLE,STAGE_ID,OPPORTUNITY,CURRENCY_ID,COMPANY_ID,ASSIGNED_BY_ID,CLOSEDATE,CLOSED,DATE_CREATE", "bitrix24 deals: deals"),
        (
            "ID,OWNER_ID,OWNER_TYPE_ID,TYPE_ID,PROVIDER_ID,SUBJECT,START_TIME,END_TIME,DEADLINE,COMPLETED,RESPONSIBLE_ID",
            "bitrix24 activities: activities",
        ),
        ("ID,TYPE_ID,OWNER_ID,CREATED_TIME,CATEGORY_ID,STAGE_SEMANTIC_ID,STAGE_ID", "bitrix24 stage history: stages"),
        ("Activity,Assigned To,Activity Stage,Duration,Start,End,BP Name", "sap-business-one activities: activities"),
        ("OpprId,CardCode,CardName,SlpCode,OpenDate,PredDate,MaxSumLoc,WtSumLoc,Status,CloseDate", "sap-business-one opportunities: deals"),
        ("Negócio;Etapa;Status;Responsável;Valor;Data de conclusão", "agendor negócios: deals"),
        // Other languages, in nobody's own words.
        ("Aktivitätsart;Betreff;Datum;Mitarbeiter;Kunde;Status", "generic activities: activities"),
        ("Datum;Art;Kunde;Verkäufer;Ergebnis", "generic activities: activities"),
        ("Kunde;Verkäufer;Phase;Umsatz;Abschlussdatum", "generic deals: deals"),
        ("Kundennummer;Firmenname;Branche;Gebiet;Betreuer", "generic accounts: accounts"),
        ("Vorname;Nachname;E-Mail;Position;Team;Vorgesetzter", "generic people: people"),
        ("Mitarbeiter;Monat;Ziel", "generic targets: targets"),
        ("Date;Type de visite;Client;Commercial;Compte rendu", "generic activities: activities"),
        ("Affaire;Client;Commercial;Étape;Montant;Date de clôture", "generic deals: deals"),
        ("Raison sociale;Code client;Secteur d'activité;Commercial;Région", "generic accounts: accounts"),
        ("Commercial;Mois;Objectif", "generic targets: targets"),
        ("Collaborateur;Du;Au;Motif d'absence", "generic absences: absences"),
        ("Fecha,Tipo de visita,Cliente,Vendedor,Resultado", "generic activities: activities"),
        ("Oportunidad,Cliente,Vendedor,Etapa,Monto,Fecha de cierre", "generic deals: deals"),
        ("Vendedor,Mes,Cuota", "generic targets: targets"),
        ("Data;Tipo de atividade;Cliente;Vendedor;Resultado", "generic activities: activities"),
        ("Nome do negócio;Cliente;Vendedor;Etapa;Valor;Data de fechamento", "generic deals: deals"),
        ("Nome;Cargo;Equipe;Gestor", "generic people: people"),
        ("Vendedor;Mês;Meta", "generic targets: targets"),
        ("contact_id,first_name,last_name,email,account_id,title", "generic contacts: lookup activities.contact_id"),
        ("stage_id,label,display_order,is_closed,is_won", "generic stage list: lookup deals.stage_id"),
        ("event_id,user_id,response", "generic attendees: link activities.id -> with_person"),
        // The tables that a team keeps by hand, by the names of the reference.
        ("name,id,email,aliases,role,manager,team,from,to", "generic people: people"),
        ("name,team,from,to", "generic people: people"),
        ("First Name,Last Name,Email,Role,Team,Start Date", "generic people: people"),
        ("user_id,name,email", "generic people: people"),
        ("measure,level,name,from,to,per,value", "generic targets: targets"),
        ("Rep,Quarter,Quota", "generic targets: targets"),
        ("Name,Year,Annual Quota", "generic targets: targets"),
        ("team,month,target", "generic targets: targets"),
        ("week,person,text,measure,amount,kept", "generic commitments: commitments"),
        ("deal,stage,from_stage,on", "generic stage history: stages"),
        ("deal_id,old_stage_id,new_stage_id,changed_at,user_id", "generic stage history: stages"),
        ("deal_id,stage,entered_at", "generic stage history: stages"),
        ("person,from,to", "generic absences: absences"),
        ("Employee,Start Date,End Date,Leave Type", "generic absences: absences"),
        ("id,name,owner,customer_since,segment,region", "generic accounts: accounts"),
        ("id,account,converted_on", "generic leads: leads"),
        ("lead_id,name,company,status,source,created_date,owner", "generic leads: leads"),
        ("id,type,subject,owner,day,outcome,minutes,account,with_people", "generic activities: activities"),
        ("id,name,owner,account,stage,state,amount,currency,created_on,closed_on", "generic deals: deals"),
        // None of ours.
        ("product,series,sales_price", "unrecognised-headings"),
        ("Ticket ID,Subject,Status,Created Date,Owner,Account,Priority", "unrecognised-headings"),
        ("Invoice ID,Customer,Amount,Invoice Date", "unrecognised-headings"),
        ("rep_id,rep_name,week_of,commit_amount,bestcase_amount,pipeline_amount", "unrecognised-headings"),
        ("a,b,c", "unrecognised-headings"),
        ("", "unrecognised-headings"),
    ];
    let mut wrong = Vec::new();
    for (line, expected) in cases {
        let line = if line.contains(';') { line.replace(';', ",") } else { line.to_owned() };
        let found = brief(&line, "report.csv");
        if found != expected {
            wrong.push(format!("{line}\n  is {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn refused(line: &str, file: &str, pinned: Pinned<'_>) -> (Code, String, Vec<String>) {
    let refusal = recognise(&split(line), file, shipped(), pinned).unwrap_err();
    (refusal.0.code, refusal.0.message, refusal.0.hints)
}

#[test]
fn a_table_given_as_another_is_refused_with_what_it_is() {
    let pinned = Pinned { table: Some(Kind::Activities), ..Pinned::default() };
    let (code, message, hints) = refused("Id,Name,StageName,Amount,CloseDate,OwnerId,Type,CreatedDate", "a.csv", pinned);
    assert_eq!(code, Code::WrongTable);
    assert_eq!(message, "given as activities, but its headings are those of deals: StageName, Amount, CloseDate");
    assert_eq!(hints, ["give it with `--deals FILE`"]);
    let pinned = Pinned { table: Some(Kind::Targets), ..Pinned::default() };
    let (_, _, hints) = refused("week,person,text,measure,amount,kept", "a.csv", pinned);
    assert_eq!(hints, ["name it without an option: its headings say what it is"]);
    let pinned = Pinned { table: Some(Kind::Deals), ..Pinned::default() };
    let (code, message, _) = refused("activity_id,rep,activity_type,activity_date,deal_id", "deals.csv", pinned);
    assert_eq!(code, Code::WrongTable);
    assert_eq!(message, "given as deals, but its headings are those of activities: activity_id, activity_type, activity_date");
}

#[test]
fn a_list_of_work_is_no_list_of_accounts() {
    for line in ["rep,customer,type,when,minutes", "sales agent,type,when,company,duration"] {
        assert_eq!(take(line, "a1.csv").unwrap().shape, Shape::Records(Kind::Activities), "{line}");
    }
}

#[test]
fn headings_of_no_table_are_refused_with_what_would_be_needed() {
    let (code, message, hints) = refused("product,series,sales_price", "products.csv", Pinned::default());
    assert_eq!(code, Code::UnrecognisedHeadings);
    assert_eq!(message, "no table has these headings: product, series, sales_price");
    assert_eq!(
        hints,
        [
            "an activities table needs a date, a type or subject, and an owner, deal, account or contact",
            "a deals table needs a stage, status or won flag, and an amount or close date",
            "name its headings under `[columns.activities]` or `[columns.deals]` in leadlag.toml",
        ]
    );
    let pinned = Pinned { table: Some(Kind::Activities), ..Pinned::default() };
    let (code, message, hints) = refused("Moment,Rep,What we did there", "log.csv", pinned);
    assert_eq!(code, Code::UnrecognisedHeadings);
    assert_eq!(
        message,
        "given as activities, but its headings are others: Moment, Rep, What we did there; for activities it lacks a date and a type or subject"
    );
    assert_eq!(hints[1], "name its headings under `[columns.activities]` in leadlag.toml");
    let (_, message, hints) = refused("Opportunity ID,Opportunity Name,Amount,Expected Close Date,Owner", "x.csv", Pinned::default());
    assert_eq!(
        message,
        "no table has these headings: Opportunity ID, Opportunity Name, Amount, Expected Close Date, Owner; for deals it lacks a stage, status or won flag"
    );
    assert_eq!(hints[0], "a deals table needs a stage, status or won flag, and an amount or close date");
}

#[test]
fn a_tie_is_refused_unless_the_files_name_settles_it() {
    let line = "Employee ID,Employee Name,Start Date,End Date";
    let (code, message, hints) = refused(line, "export.csv", Pinned::default());
    assert_eq!(code, Code::AmbiguousTable);
    assert_eq!(message, "its headings fit people and absences alike: Employee ID, Employee Name, Start Date, End Date");
    assert_eq!(hints, ["say which with `--people FILE` or `--absences FILE`"]);
    assert_eq!(brief(line, "exports/absences-2026.csv"), "generic absences: absences");
    assert_eq!(brief(line, "roster.csv"), "generic people: people");
    assert_eq!(brief("product,series,sales_price", "deals.csv"), "unrecognised-headings", "a name alone is never enough");
    let pinned = Pinned { table: Some(Kind::People), ..Pinned::default() };
    assert_eq!(recognise(&split(line), "export.csv", shipped(), pinned).unwrap().shape, Shape::Records(Kind::People));
}

#[test]
fn a_date_beside_a_moment_keeps_a_field_of_its_own_and_spare_headings_are_kept_in_order() {
    let line = "Id,Subject,ActivityDateTime,ActivityDate,StartDateTime,OwnerId,Region,SystemModstamp";
    let r = take(line, "Event.csv").unwrap();
    assert_eq!(r.column("start"), Some(4));
    assert_eq!(r.column("date"), Some(3));
    assert_eq!(r.also, [("start", 2)]);
    assert_eq!(r.ignored, [6, 7]);
    assert_eq!(r.zone, Zone::Utc);
    assert_eq!(
        r.why,
        "7 of 8 headings are those of Salesforce Event; Subject, ActivityDateTime and ActivityDate are found in no other table"
    );
}

#[test]
fn a_crm_leaves_what_it_does_not_name_to_the_common_headings() {
    let r = take("Id,Name,StageName,Amount,Total Cost,CloseDate,OwnerId", "Opportunity.csv").unwrap();
    assert_eq!((r.preset.as_str(), r.column("cost")), ("salesforce", Some(4)));
    assert_eq!(r.close, Close::Shared);
}

#[test]
fn a_roster_with_quotas_fills_both_tables() {
    let r = take("rep_id,name,region,quota_quarterly,hire_date", "reps.csv").unwrap();
    assert_eq!(r.shape, Shape::Records(Kind::People));
    assert_eq!(r.also_fills, Some((Kind::Targets, vec![("owner_id", 0), ("name", 1), ("quota_quarter", 3)])));
    assert!(r.ignored.is_empty());
    assert!(r.why.ends_with("quota_quarterly also fills targets"), "{}", r.why);
    let r = take("rep_name,month,quota,attainment,actual", "x.csv").unwrap();
    assert_eq!((r.shape, r.also_fills), (Shape::Records(Kind::Targets), None));
}

#[test]
fn a_users_columns_come_first_and_mistakes_in_them_are_told() {
    let columns = [
        (Kind::Activities, "type".to_owned(), "What we did there".to_owned()),
        (Kind::Activities, "day".to_owned(), "When".to_owned()),
        (Kind::Activities, "ownr".to_owned(), "Rep".to_owned()),
        (Kind::Activities, "account".to_owned(), "Custmer".to_owned()),
    ];
    let pinned = Pinned { columns: &columns, ..Pinned::default() };
    let r = recognise(&split("When,Rep,What we did there,Customer"), "log.csv", shipped(), pinned).unwrap();
    assert_eq!(r.shape, Shape::Records(Kind::Activities));
    assert_eq!(r.columns, [("start", 0), ("owner", 1), ("type", 2), ("account", 3)]);
    let told: Vec<_> = r.diagnostics.iter().map(|d| (d.code, d.message.as_str(), d.hints.join(" "))).collect();
    assert_eq!(told, [(Code::ConfigKey, "`[columns.activities]` has no field `ownr`", "did you mean `owner`?".to_owned()),]);
}

#[test]
fn a_named_preset_needs_no_other_evidence() {
    let line = "Id,Subject,Date,Owner";
    assert_eq!(brief(line, "x.csv"), "generic activities: activities");
    let pinned = Pinned { crm: Some("salesforce"), ..Pinned::default() };
    assert_eq!(recognise(&split(line), "x.csv", shipped(), pinned).unwrap().preset, "salesforce");
    let people = recognise(&split("name,team,from,to"), "x.csv", shipped(), pinned).unwrap();
    assert_eq!(people.preset, "generic", "the common tables stand in");
    let (code, message, hints) = refused(line, "x.csv", Pinned { crm: Some("salesfroce"), ..Pinned::default() });
    assert_eq!(
        (code, message.as_str(), hints.join(" ")),
        (Code::ConfigValue, "no preset is named `salesfroce`", "did you mean `salesforce`?".to_owned())
    );
}

#[test]
fn times_of_a_warehouse_are_in_utc() {
    assert_eq!(take("id,type,subject,owner,start_time,account,_fivetran_synced", "x.csv").unwrap().zone, Zone::Utc);
    assert_eq!(take("id,type,subject,owner,start_time,account", "x.csv").unwrap().zone, Zone::Report);
    assert_eq!(take("engagement_id,property_hs_timestamp,property_hs_meeting_title", "x.csv").unwrap().zone, Zone::Utc);
    assert_eq!(take("Record ID,Meeting name,Activity date,Activity assigned to", "x.csv").unwrap().zone, Zone::Report);
}

#[test]
fn the_files_name_tells_tables_of_the_same_columns_apart() {
    let line = "id,name,date_start,duration_hours,duration_minutes,status,direction,parent_type,parent_id,assigned_user_name";
    let object = |file: &str| take(line, file).unwrap().object;
    let files = ["Meetings.csv", "x/Calls.csv", "export.csv", "Meetings.xlsx/Sheet1", "calls.zip/meetings.csv", "meetings/export.csv"];
    assert_eq!(files.map(object), ["meetings", "calls", "calls", "meetings", "meetings", "calls"]);
}
